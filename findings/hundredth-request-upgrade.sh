#!/usr/bin/env bash
# A WebSocket handshake that is the hundredth request on a kept-alive connection fails between Tomcat and the JDK's client.
#
# Guess: Tomcat ends a connection with its hundredth request (maxKeepAliveRequests, 100 by default) by "Connection: close", and an
# upgrade, after which no request can follow, is exempt or simply succeeds.
# Seen (Tomcat 11.0.22, JDK 25): the answer is 101 with two Connection fields, "upgrade" and "close". java.net.http, which sends the
# handshake over a connection it kept, refuses that: "Response field 'Connection' multivalued". With one request less or more before it
# the same handshake succeeds.
# Why it matters here: a test that polls over HTTP and then opens a WebSocket with the same client fails once in a while, and more
# often on a slow machine. A browser opens a connection of its own for a WebSocket.
#
# Needs a JDK 25 as java, or in JAVA_HOME, and Maven's usual repository. Exits 1 where they behave otherwise.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

cat > "$folder/pom.xml" <<'XML'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>finding</groupId>
  <artifactId>finding</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>org.apache.tomcat.embed</groupId>
      <artifactId>tomcat-embed-websocket</artifactId>
      <version>11.0.22</version>
    </dependency>
  </dependencies>
</project>
XML
"$here/../mvnw" -q -f "$folder/pom.xml" org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies \
  -DoutputDirectory="$folder/lib"

cat > "$folder/Finding.java" <<'JAVA'
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.websocket.OnOpen;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpoint;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.catalina.startup.Tomcat;
import org.apache.catalina.util.ServerInfo;
import org.apache.tomcat.websocket.server.WsSci;

public class Finding {
  @ServerEndpoint("/socket")
  public static class Endpoint {
    @OnOpen
    public void open() {}
  }

  static class Page extends HttpServlet {
    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws java.io.IOException {
      response.getWriter().print("here");
    }
  }

  public static void main(String[] args) throws Exception {
    Tomcat tomcat = new Tomcat();
    tomcat.setBaseDir(args[0]);
    tomcat.setPort(0);
    var context = tomcat.addContext("", args[0]);
    context.addServletContainerInitializer(new WsSci(), null);
    Tomcat.addServlet(context, "page", new Page());
    context.addServletMappingDecoded("/", "page");
    int port = -1;
    tomcat.getConnector().setProperty("address", "127.0.0.1");
    tomcat.start();
    port = tomcat.getConnector().getLocalPort();
    ((ServerContainer) context.getServletContext().getAttribute("jakarta.websocket.server.ServerContainer"))
        .addEndpoint(Endpoint.class);
    Map<Integer, String> seen = new TreeMap<>();
    for (int before : new int[] {0, 98, 99, 100}) {
      seen.put(before, handshakeAfter(before, "127.0.0.1:" + port));
    }
    System.out.println(ServerInfo.getServerInfo() + ", JDK " + Runtime.version().feature());
    seen.forEach((before, how) -> System.out.println(before + " requests before the handshake: " + how));
    String refused = "Response field 'Connection' multivalued: [upgrade, close]";
    boolean same = seen.equals(Map.of(0, "open", 98, "open", 99, refused, 100, "open"));
    tomcat.stop();
    if (!same) {
      System.out.println("they behave otherwise now");
    }
    System.exit(same ? 0 : 1);
  }

  static String handshakeAfter(int requests, String server) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + server + "/")).version(HttpClient.Version.HTTP_1_1).build();
      for (int i = 0; i < requests; i++) {
        client.send(request, HttpResponse.BodyHandlers.ofString());
      }
      WebSocket socket =
          client
              .newWebSocketBuilder()
              .buildAsync(URI.create("ws://" + server + "/socket"), new WebSocket.Listener() {})
              .get(20, TimeUnit.SECONDS);
      socket.abort();
      return "open";
    } catch (ExecutionException e) {
      Throwable cause = e;
      while (cause.getCause() != null) {
        cause = cause.getCause();
      }
      return cause.getMessage();
    }
  }
}
JAVA
mkdir "$folder/base"
"${JAVA_HOME:+$JAVA_HOME/bin/}java" -cp "$folder/lib/*" -Djava.util.logging.config.file=/dev/null "$folder/Finding.java" "$folder/base"
