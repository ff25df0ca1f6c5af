import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.CharArraySet;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.elasticsearch.common.logging.LogConfigurator;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.env.Environment;
import org.elasticsearch.http.HttpServerTransport;
import org.elasticsearch.index.IndexSettings;
import org.elasticsearch.index.analysis.AbstractIndexAnalyzerProvider;
import org.elasticsearch.index.analysis.Analysis;
import org.elasticsearch.index.analysis.AnalyzerProvider;
import org.elasticsearch.indices.analysis.AnalysisModule.AnalysisProvider;
import org.elasticsearch.node.InternalSettingsPreparer;
import org.elasticsearch.node.Node;
import org.elasticsearch.plugins.AnalysisPlugin;
import org.elasticsearch.plugins.Plugin;
import org.elasticsearch.transport.TransportService;

/** Elasticsearch 7 from its jars. */
public final class Elasticsearch7Jars {
    private static final String[] MODULES = {
        "org.elasticsearch.transport.Netty4Plugin",
        "org.elasticsearch.index.mapper.MapperExtrasPlugin",
        "org.elasticsearch.reindex.ReindexPlugin",
        "org.elasticsearch.join.ParentJoinPlugin",
        "Elasticsearch7Jars$English" };

    /** The module analysis-common is not published for 7.17; its "english" is Lucene's EnglishAnalyzer, and so is this one. */
    public static final class English extends Plugin implements AnalysisPlugin {
        @Override
        public Map<String, AnalysisProvider<AnalyzerProvider<? extends Analyzer>>> getAnalyzers() {
            return Map.of("english", (index, environment, name, settings) -> new Provider(index, environment, name, settings));
        }

        private static final class Provider extends AbstractIndexAnalyzerProvider<EnglishAnalyzer> {
            private final EnglishAnalyzer analyzer;

            Provider(IndexSettings index, Environment environment, String name, Settings settings) {
                super(index, name, settings);
                analyzer = new EnglishAnalyzer(
                    Analysis.parseStopWords(environment, settings, EnglishAnalyzer.getDefaultStopSet()),
                    Analysis.parseStemExclusion(settings, CharArraySet.EMPTY_SET));
            }

            @Override
            public EnglishAnalyzer get() {
                return analyzer;
            }
        }
    }

    /** The constructor that takes modules from the class path is protected. */
    private static final class JarNode extends Node {
        JarNode(Environment environment, Collection<Class<? extends Plugin>> modules) {
            super(environment, modules, false);
        }
    }

    public static void main(String[] arguments) throws Exception {
        Launch.run(arguments, Elasticsearch7Jars::start);
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
