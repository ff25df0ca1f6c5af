import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.core.WhitespaceTokenizer;
import org.apache.lucene.analysis.miscellaneous.DelimitedTermFrequencyTokenFilter;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.FeatureField;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.FieldType;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.FieldInvertState;
import org.apache.lucene.index.IndexOptions;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.CollectionStatistics;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TermStatistics;
import org.apache.lucene.search.similarities.Similarity;
import org.apache.lucene.store.ByteBuffersDirectory;

/**
 * Indexes what `termweave export lucene` or `lucene-features` has written, and prints the hits of its queries as a TREC run.
 * The scores are the dot products. Arguments: the export's folder, and how many hits a query.
 */
public class ExportedVectors {
  static final ObjectMapper JSON = new ObjectMapper();
  /** The delimiter of the export: `|` would not do, for `|` and `##|` are tokens of BERT. */
  static final char DELIMITER = '\u241f';

  /** The score of a term is its frequency times its boost. */
  static class DotProduct extends Similarity {
    @Override
    public long computeNorm(FieldInvertState state) {
      return 1;
    }

    @Override
    public SimScorer scorer(float boost, CollectionStatistics collection, TermStatistics... terms) {
      return new SimScorer() {
        @Override
        public float score(float frequency, long norm) {
          return boost * frequency;
        }
      };
    }
  }

  static Analyzer analyzer() {
    return new Analyzer() {
      @Override
      protected TokenStreamComponents createComponents(String field) {
        var words = new WhitespaceTokenizer();
        return new TokenStreamComponents(words, new DelimitedTermFrequencyTokenFilter(words, DELIMITER));
      }
    };
  }

  /** Frequencies without positions, which Lucene refuses together with frequencies of one's own. */
  static FieldType frequencies() {
    var type = new FieldType();
    type.setTokenized(true);
    type.setOmitNorms(true);
    type.setIndexOptions(IndexOptions.DOCS_AND_FREQS);
    type.freeze();
    return type;
  }

  static Document documentOf(JsonNode line) {
    var document = new Document();
    document.add(new StringField("id", line.get("id").asText(), Field.Store.YES));
    if (line.has("impacts")) document.add(new Field("impacts", line.get("impacts").asText(), frequencies()));
    else line.get("features").properties().forEach(
        term -> document.add(new FeatureField("features", term.getKey(), (float) term.getValue().asDouble())));
    return document;
  }

  /** @param features whether documents hold features; `newLinearQuery` takes weights up to 64 only, a boost takes any. */
  static Query queryOf(JsonNode boosts, boolean features) {
    var query = new BooleanQuery.Builder();
    for (var term : boosts.properties()) {
      Query clause = features
          ? FeatureField.newLinearQuery("features", term.getKey(), 1)
          : new TermQuery(new Term("impacts", term.getKey()));
      query.add(new BoostQuery(clause, (float) term.getValue().asDouble()), BooleanClause.Occur.SHOULD);
    }
    return query.build();
  }

  static Stream<JsonNode> lines(Path file) throws IOException {
    InputStream bytes = Files.newInputStream(file);
    if (file.toString().endsWith(".gz")) bytes = new GZIPInputStream(bytes);
    return new BufferedReader(new InputStreamReader(bytes, StandardCharsets.UTF_8)).lines().map(line -> {
      try {
        return JSON.readTree(line);
      } catch (IOException broken) {
        throw new UncheckedIOException(broken);
      }
    });
  }

  public static void main(String[] arguments) throws IOException {
    var folder = Path.of(arguments[0]);
    int hits = Integer.parseInt(arguments[1]);
    IndexSearcher.setMaxClauseCount(Integer.MAX_VALUE);
    var directory = new ByteBuffersDirectory();
    boolean[] features = {false};
    var config = new IndexWriterConfig(analyzer()).setSimilarity(new DotProduct());
    try (var writer = new IndexWriter(directory, config); var parts = Files.list(folder.resolve("documents"))) {
      for (var part : parts.sorted().toList()) {
        for (var line : (Iterable<JsonNode>) lines(part)::iterator) {
          features[0] = line.has("features");
          writer.addDocument(documentOf(line));
        }
      }
    }
    try (var reader = DirectoryReader.open(directory); var files = Files.list(folder)) {
      var searcher = new IndexSearcher(reader);
      searcher.setSimilarity(new DotProduct());
      var queries = files.filter(file -> file.getFileName().toString().matches("queries\\.jsonl(\\.gz)?")).findFirst();
      for (var line : (Iterable<JsonNode>) lines(queries.orElseThrow())::iterator) {
        int rank = 0;
        for (var hit : searcher.search(queryOf(line.get("boosts"), features[0]), hits).scoreDocs) {
          var id = searcher.storedFields().document(hit.doc).get("id");
          System.out.println(line.get("id").asText() + " Q0 " + id + " " + ++rank + " " + hit.score + " lucene");
        }
      }
    }
  }
}
