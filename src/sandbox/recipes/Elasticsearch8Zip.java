import java.nio.file.Path;
import java.util.Map;

import org.elasticsearch.plugins.PluginsLoader;

/** Elasticsearch 8 from its distribution. */
public final class Elasticsearch8Zip {
    public static void main(String[] arguments) throws Exception {
        Launch.run(arguments, (settings, config) -> ElasticsearchZip.start(settings, config, Elasticsearch8Zip::modules));
    }

    private static PluginsLoader modules(Path home) {
        return PluginsLoader.createPluginsLoader(
            PluginsLoader.loadModulesBundles(home.resolve("modules")),
            PluginsLoader.loadPluginsBundles(home.resolve("plugins")), Map.of());
    }
}
