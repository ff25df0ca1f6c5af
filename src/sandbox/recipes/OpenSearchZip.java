import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.opensearch.common.logging.LogConfigurator;
import org.opensearch.common.settings.Settings;
import org.opensearch.env.Environment;
import org.opensearch.http.HttpServerTransport;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.node.Node;
import org.opensearch.transport.TransportService;

/** OpenSearch 3 from its distribution, with the modules and plug-ins that lie in its folders. */
public final class OpenSearchZip {
    public static void main(String[] arguments) throws Exception {
        Launch.run(arguments, OpenSearchZip::start);
    }

    private static Launch.Started start(Map<String, String> given, Path config) throws Exception {
        Files.copy(Path.of(given.get("path.home"), "config/log4j2.properties"), config.resolve("log4j2.properties"),
            StandardCopyOption.REPLACE_EXISTING);
        Settings.Builder settings = Settings.builder();
        given.forEach(settings::put);
        System.setProperty("opensearch.path.conf", config.toString());
        Environment environment = InternalSettingsPreparer.prepareEnvironment(
            settings.build(), Map.of(), config, () -> given.get("node.name"));
        LogConfigurator.setNodeName(given.get("node.name"));
        LogConfigurator.configure(environment);
        Node node = new Node(environment);
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
