import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.yahoo.config.model.NullConfigModelRegistry;
import com.yahoo.config.model.application.provider.FilesApplicationPackage;
import com.yahoo.config.model.deploy.DeployState;
import com.yahoo.config.model.deploy.TestProperties;
import com.yahoo.document.Document;
import com.yahoo.document.DocumentPut;
import com.yahoo.document.DocumentTypeManager;
import com.yahoo.document.config.DocumentmanagerConfig;
import com.yahoo.document.datatypes.StringFieldValue;
import com.yahoo.document.datatypes.TensorFieldValue;
import com.yahoo.document.datatypes.WeightedSet;
import com.yahoo.document.json.JsonReader;
import com.yahoo.prelude.query.WandItem;
import com.yahoo.schema.ApplicationBuilder;
import com.yahoo.schema.derived.DerivedConfiguration;
import com.yahoo.search.query.parser.Parsable;
import com.yahoo.search.query.parser.ParserEnvironment;
import com.yahoo.search.yql.YqlParser;
import com.yahoo.searchlib.rankingexpression.RankingExpression;
import com.yahoo.searchlib.rankingexpression.evaluation.MapContext;
import com.yahoo.searchlib.rankingexpression.evaluation.TensorValue;
import com.yahoo.tensor.Tensor;
import com.yahoo.tensor.TensorType;
import com.yahoo.vespa.configmodel.producers.DocumentManager;
import com.yahoo.vespa.model.VespaModel;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Reads an export as Vespa reads it: the application package becomes a model, the feed goes through the parser of /document/v1, the
 * tensor literals through Tensor.from, YQL through its parser. The expression of the rank profile is evaluated by searchlib. The
 * content node itself, which is C++ and not on Maven, is not run: what `wand` would score is summed here from the weighted sets.
 * Arguments: the export's folder, hits a query. Prints a TREC run tagged `splade` and one tagged `impacts`.
 */
public class VespaCheck {
  static final ObjectMapper JSON = new ObjectMapper();

  record Passage(String id, Tensor tensor, Map<String, Integer> impacts) {}

  record Hit(String id, double score) {}

  public static void main(String[] arguments) throws Exception {
    Logger.getLogger("").setLevel(Level.OFF);
    var folder = Path.of(arguments[0]);
    int hits = Integer.parseInt(arguments[1]);
    var application = folder.resolve("application");
    deploy(application.toFile());
    var builder = ApplicationBuilder.createFromFile(application.resolve("schemas/passage.sd").toString());
    String expression = null;
    for (var schema : builder.getSchemaList()) {
      new DerivedConfiguration(schema, builder.getRankProfileRegistry());
      expression = builder.getRankProfileRegistry().get(schema, "splade").getFirstPhaseRanking().getRoot().toString();
    }
    var config = new DocumentManager().produce(builder.getModel(), new DocumentmanagerConfig.Builder()).build();
    var passages = feed(folder.resolve("documents"), new DocumentTypeManager(config));
    rankByTensor(lines(folder.resolve("queries-tensor.jsonl")), passages, expression, hits);
    rankByWand(lines(folder.resolve("queries-wand.jsonl")), passages, hits);
  }

  static void deploy(File application) throws Exception {
    var state = new DeployState.Builder()
        .applicationPackage(FilesApplicationPackage.fromDir(application, Map.of()))
        .properties(new TestProperties())
        .deployLogger((level, message) -> System.err.println("[" + level + "] " + message))
        .build();
    var model = new VespaModel(new NullConfigModelRegistry(), state);
    if (model.getContentClusters().isEmpty()) throw new IllegalStateException("no content cluster");
  }

  static List<Passage> feed(Path documents, DocumentTypeManager types) throws Exception {
    var passages = new ArrayList<Passage>();
    try (var parts = Files.list(documents)) {
      for (var part : parts.sorted().toList()) {
        for (var line : Files.readAllLines(part)) {
          var bytes = ("[" + line + "]").getBytes(StandardCharsets.UTF_8);
          var put = (DocumentPut) new JsonReader(types, new ByteArrayInputStream(bytes), new JsonFactory()).next();
          passages.add(passageOf(put.getDocument()));
        }
      }
    }
    return passages;
  }

  @SuppressWarnings("unchecked")
  static Passage passageOf(Document document) {
    var tensor = ((TensorFieldValue) document.getFieldValue("splade")).getTensor().orElseThrow();
    var impacts = new HashMap<String, Integer>();
    var set = (WeightedSet<StringFieldValue>) document.getFieldValue("impacts");
    for (var token : set.keySet()) impacts.put(token.getString(), set.get(token));
    return new Passage(document.getFieldValue("id").toString(), tensor, impacts);
  }

  static void rankByTensor(List<JsonNode> queries, List<Passage> passages, String text, int hits) throws Exception {
    var expression = new RankingExpression(text);
    var type = TensorType.fromSpec("tensor<float>(token{})");
    for (var query : queries) {
      var tensor = Tensor.from(type, query.get("body").get("input.query(q)").asText());
      var found = new ArrayList<Hit>();
      for (var passage : passages) {
        var context = new MapContext();
        context.put("query(q)", new TensorValue(tensor));
        context.put("attribute(splade)", new TensorValue(passage.tensor()));
        found.add(new Hit(passage.id(), expression.evaluate(context).asDouble()));
      }
      print(query, found, hits, "splade");
    }
  }

  static void rankByWand(List<JsonNode> queries, List<Passage> passages, int hits) {
    for (var query : queries) {
      var yql = new Parsable().setQuery(query.get("body").get("yql").asText());
      var wand = (WandItem) new YqlParser(new ParserEnvironment()).parse(yql).getRoot();
      var terms = new HashMap<String, Integer>();
      wand.getTokens().forEachRemaining(term -> terms.put(term.getKey().toString(), term.getValue()));
      var found = new ArrayList<Hit>();
      for (var passage : passages) {
        long score = 0;
        for (var term : terms.entrySet()) {
          score += (long) term.getValue() * passage.impacts().getOrDefault(term.getKey(), 0);
        }
        found.add(new Hit(passage.id(), score));
      }
      print(query, found, hits, "impacts");
    }
  }

  static void print(JsonNode query, List<Hit> found, int hits, String tag) {
    int rank = 0;
    found.removeIf(hit -> hit.score() == 0);
    found.sort(Comparator.comparingDouble(Hit::score).reversed());
    for (var hit : found.subList(0, Math.min(hits, found.size()))) {
      System.out.println(query.get("id").asText() + " Q0 " + hit.id() + " " + ++rank + " " + hit.score() + " " + tag);
    }
  }

  static List<JsonNode> lines(Path file) throws Exception {
    var lines = new ArrayList<JsonNode>();
    for (var line : Files.readAllLines(file)) lines.add(JSON.readTree(line));
    return lines;
  }
}
