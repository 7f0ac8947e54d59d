package dev.faultscope;

import dev.faultscope.cli.Main;
import dev.faultscope.cli.ShutdownLimit;
import dev.faultscope.web.security.AccessToken;
import java.util.function.Consumer;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;

/** Starts Faultscope. */
@SpringBootApplication
@EnableConfigurationProperties(FaultscopeProperties.class)
public class FaultscopeApplication {

  public static void main(String[] arguments) {
    int exitCode = Main.run(FaultscopeApplication::serve, arguments);
    if (exitCode != 0) {
      System.exit(exitCode);
    }
  }

  /**
   * Starts the web server and says once where it is.
   *
   * @param say told one sentence with the link to open
   * @param arguments Spring Boot's, such as {@code --server.port=8081}
   */
  public static void serve(Consumer<String> say, String... arguments) {
    ConfigurableApplicationContext context;
    try {
      context = SpringApplication.run(FaultscopeApplication.class, arguments);
    } catch (RuntimeException e) {
      throw StartFailure.explained(e);
    }
    ShutdownLimit.set();
    AccessToken token = context.getBean(AccessToken.class);
    say.accept("Open " + token.link(address(context.getEnvironment())) + " in a browser.");
  }

  private static String address(Environment environment) {
    String bound = environment.getProperty("server.address", "127.0.0.1");
    boolean everywhere = bound.equals("0.0.0.0") || bound.equals("::");
    String host = everywhere ? "127.0.0.1" : bound.contains(":") ? "[" + bound + "]" : bound;
    return "http://" + host + ":" + environment.getRequiredProperty("local.server.port");
  }
}
