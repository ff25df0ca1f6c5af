import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import org.elasticsearch.common.logging.LogConfigurator;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.env.Environment;
import org.elasticsearch.http.HttpServerTransport;
import org.elasticsearch.node.InternalSettingsPreparer;
import org.elasticsearch.node.Node;
import org.elasticsearch.plugins.PluginsLoader;
import org.elasticsearch.transport.TransportService;

/**
 * Elasticsearch 8 or 9 from its distribution; the server stands on the module path, this class on the class path. How the modules
 * below the distribution's folder are loaded differs between the two.
 */
final class ElasticsearchZip {
    static Launch.Started start(Map<String, String> given, Path config, Function<Path, PluginsLoader> modules) throws Exception {
        Path home = Path.of(given.get("path.home"));
        Files.copy(home.resolve("config/log4j2.properties"), config.resolve("log4j2.properties"),
            StandardCopyOption.REPLACE_EXISTING);
        Settings.Builder settings = Settings.builder();
        given.forEach(settings::put);
        LogConfigurator.configureESLogging();
        Environment environment = InternalSettingsPreparer.prepareEnvironment(
            settings.build(), Map.of(), config, () -> given.get("node.name"));
        LogConfigurator.setClusterName(given.get("cluster.name"));
        LogConfigurator.setNodeName(given.get("node.name"));
        LogConfigurator.configure(environment, true);
        Node node = new Node(environment, modules.apply(home));
        node.start();
        return new Launch.Started(
            node.injector().getInstance(HttpServerTransport.class).boundAddress().publishAddress().getPort(),
            node.injector().getInstance(TransportService.class).boundAddress().publishAddress().getPort(),
            () -> {
                node.prepareForClose();
                node.close();
                node.awaitClose(20, TimeUnit.SECONDS);
            });
    }
}
