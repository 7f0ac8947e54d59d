package dev.faultscope.web;

import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Says that the program answers; needs no token and tells nothing else. */
@RestController
class HealthController {
  @GetMapping(path = "/healthz", produces = MediaType.TEXT_PLAIN_VALUE)
  String health() {
    return "ok\n";
  }
}
