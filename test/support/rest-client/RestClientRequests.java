import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.apache.http.HttpHost;
import org.apache.http.entity.ContentType;
import org.apache.http.nio.entity.NStringEntity;
import org.apache.http.util.EntityUtils;
import org.elasticsearch.client.Request;
import org.elasticsearch.client.Response;
import org.elasticsearch.client.ResponseException;
import org.elasticsearch.client.RestClient;

/** Sends the requests of stdin (method, path, content type, a body, perhaps empty, whose line feeds are written as \n, between tabs) and prints each answer's body on a line. */
public final class RestClientRequests {
  public static void main(String[] args) throws Exception {
    BufferedReader requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try (RestClient client = RestClient.builder(HttpHost.create(args[0])).setCompressionEnabled(true).build()) {
      for (String line = requests.readLine(); line != null; line = requests.readLine()) {
        String[] parts = line.split("\t", 4);
        Request request = new Request(parts[0], parts[1]);
        if (!parts[3].isEmpty()) request.setEntity(entityOf(parts[2], parts[3]));
        System.out.println(answerOf(client, request));
      }
    }
  }

  private static NStringEntity entityOf(String type, String body) {
    return new NStringEntity(body.replace("\\n", "\n"), ContentType.create(type, StandardCharsets.UTF_8));
  }

  private static String answerOf(RestClient client, Request request) throws Exception {
    Response response;
    try {
      response = client.performRequest(request);
    } catch (ResponseException refused) {
      response = refused.getResponse();
    }
    return EntityUtils.toString(response.getEntity(), StandardCharsets.UTF_8).replace("\n", " ");
  }
}
