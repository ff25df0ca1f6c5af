import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.apache.http.HttpHost;
import org.apache.http.util.EntityUtils;
import org.elasticsearch.client.Request;
import org.elasticsearch.client.Response;
import org.elasticsearch.client.ResponseException;
import org.elasticsearch.client.RestClient;

/** Sends the requests of stdin (method, path, content type, a body whose line feeds are written as \n, between tabs) and prints each answer's body on a line. */
public final class RestClientRequests {
  public static void main(String[] args) throws Exception {
    BufferedReader requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try (RestClient client = RestClient.builder(HttpHost.create(args[0])).setCompressionEnabled(true).build()) {
      for (String line = requests.readLine(); line != null; line = requests.readLine()) {
        String[] parts = line.split("\t", 4);
        Request request = new Request(parts[0], parts[1]);
        org.apache.http.entity.ContentType type = org.apache.http.entity.ContentType.create(parts[2], StandardCharsets.UTF_8);
        request.setEntity(new org.apache.http.nio.entity.NStringEntity(parts[3].replace("\\n", "\n"), type));
        System.out.println(answerOf(client, request));
      }
    }
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
