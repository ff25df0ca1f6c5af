import java.nio.file.Path;
import java.util.Map;

import org.elasticsearch.plugins.PluginsLoader;

/** Elasticsearch 9 from its distribution. */
public final class Elasticsearch9Zip {
    public static void main(String[] arguments) throws Exception {
        Launch.run(arguments, (settings, config) -> ElasticsearchZip.start(settings, config, Elasticsearch9Zip::modules));
    }

    private static PluginsLoader modules(Path home) {
        return PluginsLoader.createPluginsLoader(
            PluginsLoader.loadModulesBundles(home.resolve("modules"), false),
            PluginsLoader.loadPluginsBundles(home.resolve("plugins"), false), Map.of());
    }
}
