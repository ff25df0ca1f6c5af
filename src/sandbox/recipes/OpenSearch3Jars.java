import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.opensearch.Version;
import org.opensearch.common.logging.LogConfigurator;
import org.opensearch.common.settings.Settings;
import org.opensearch.env.Environment;
import org.opensearch.http.HttpServerTransport;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.node.Node;
import org.opensearch.plugins.PluginInfo;
import org.opensearch.transport.TransportService;

/** OpenSearch 3 from its jars: the modules of the distribution that are published as jars are handed over as plug-ins. */
public final class OpenSearch3Jars {
    private static final List<PluginInfo> MODULES = Stream.of(
        "org.opensearch.transport.Netty4ModulePlugin",
        "org.opensearch.index.mapper.MapperExtrasModulePlugin",
        "org.opensearch.index.reindex.ReindexModulePlugin",
        "org.opensearch.join.ParentJoinModulePlugin",
        "org.opensearch.analysis.common.CommonAnalysisModulePlugin",
        "org.opensearch.painless.PainlessModulePlugin").map(OpenSearch3Jars::module).toList();

    private static PluginInfo module(String className) {
        return new PluginInfo(className, "", "NA", Version.CURRENT, "21", className, null, List.of(), false);
    }

    /** The constructor that takes modules from the class path is protected. */
    private static final class JarNode extends Node {
        JarNode(Environment environment, Collection<PluginInfo> modules) {
            super(environment, modules, false);
        }
    }

    public static void main(String[] arguments) throws Exception {
        Launch.run(arguments, OpenSearch3Jars::start);
    }

    private static Launch.Started start(Map<String, String> given, Path config) throws Exception {
        Settings.Builder settings = Settings.builder();
        given.forEach(settings::put);
        LogConfigurator.configureWithoutConfig(settings.build());
        Node node = new JarNode(InternalSettingsPreparer.prepareEnvironment(
            settings.build(), Map.of(), config, () -> given.get("node.name")), MODULES);
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
