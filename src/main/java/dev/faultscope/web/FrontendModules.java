package dev.faultscope.web;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.stereotype.Component;

/**
 * The modules of the front end. A page names them all in its head, so that a browser asks for them
 * at once, and not for each layer of imports when the one above it has arrived.
 */
@Component
final class FrontendModules {
  private static final String ROOT = "static/app/";

  private final List<String> paths;

  FrontendModules() {
    List<String> found = new ArrayList<>();
    try {
      PathMatchingResourcePatternResolver resolver = new PathMatchingResourcePatternResolver();
      for (Resource module : resolver.getResources("classpath:" + ROOT + "*/*.js")) {
        String address = module.getURI().toString();
        found.add("/app/" + address.substring(address.lastIndexOf(ROOT) + ROOT.length()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list the modules of the front end", e);
    }
    Collections.sort(found);
    paths = List.copyOf(found);
  }

  /** {@return their paths, in order} */
  List<String> paths() {
    return paths;
  }
}
