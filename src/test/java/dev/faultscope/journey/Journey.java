package dev.faultscope.journey;

import dev.faultscope.testsupport.Requirement;
import dev.faultscope.testsupport.Requires;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.test.context.SpringBootTest;

/** The whole program on a port of its own, for a browser to look at. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Requires(Requirement.BROWSER)
@SpringBootTest(
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {
      "faultscope.token=" + Journey.TOKEN,
      "faultscope.data-dir=${java.io.tmpdir}/faultscope-journey-${random.uuid}"
    })
@interface Journey {
  /** The access token of every journey. */
  String TOKEN = "journey-token-0123456789";
}
