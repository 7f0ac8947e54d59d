package dev.faultscope.journey;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.boot.test.web.server.LocalServerPort;

/** A journey with a browser of its own, which is there before the journey arrives anywhere. */
abstract class Visiting {
  @LocalServerPort int port;
  Visitor visitor;

  @BeforeEach
  void openBrowser() throws IOException {
    visitor = Visitor.at(port);
  }

  @AfterEach
  void closeBrowser() {
    visitor.close();
  }
}
