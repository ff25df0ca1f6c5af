import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.opensearch.common.logging.LogConfigurator;
import org.opensearch.common.settings.Settings;
import org.opensearch.env.Environment;
import org.opensearch.http.HttpServerTransport;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.node.Node;
import org.opensearch.plugins.Plugin;
import org.opensearch.transport.TransportService;

/** OpenSearch 2 from its jars: modules are classes here, with the class names of before version 3. */
public final class OpenSearch2Jars {
    private static final String[] MODULES = {
        "org.opensearch.transport.Netty4Plugin",
        "org.opensearch.index.mapper.MapperExtrasPlugin",
        "org.opensearch.index.reindex.ReindexPlugin",
        "org.opensearch.join.ParentJoinPlugin",
        "org.opensearch.analysis.common.CommonAnalysisPlugin",
        "org.opensearch.painless.PainlessPlugin" };

    /** The constructor that takes modules from the class path is protected. */
    private static final class JarNode extends Node {
        JarNode(Environment environment, Collection<Class<? extends Plugin>> modules) {
            super(environment, modules, false);
        }
    }

    public static void main(String[] arguments) throws Exception {
        Launch.run(arguments, OpenSearch2Jars::start);
    }

    private static Launch.Started start(Map<String, String> given, Path config) throws Exception {
        Settings.Builder settings = Settings.builder();
        given.forEach(settings::put);
        LogConfigurator.configureWithoutConfig(settings.build());
        List<Class<? extends Plugin>> modules = new ArrayList<>();
        for (String name : MODULES) modules.add(Class.forName(name).asSubclass(Plugin.class));
        Node node = new JarNode(InternalSettingsPreparer.prepareEnvironment(
            settings.build(), Map.of(), config, () -> given.get("node.name")), modules);
        node.start();
        return new Launch.Started(
            node.injector().getInstance(HttpServerTransport.class).boundAddress().publishAddress().getPort(),
            node.injector().getInstance(TransportService.class).boundAddress().publishAddress().getPort(),
            () -> {
                node.close();
                node.awaitClose(20, TimeUnit.SECONDS);
            });
    }
}
