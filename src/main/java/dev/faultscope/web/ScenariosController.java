package dev.faultscope.web;

import dev.faultscope.session.scenario.BadScenarioException;
import dev.faultscope.session.scenario.Runs;
import dev.faultscope.session.scenario.Scenarios;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** The gallery of scenarios, and a look at what somebody writes. */
@RestController
class ScenariosController {
  private final Scenarios scenarios;

  private final Runs runs;

  ScenariosController(Scenarios scenarios, Runs runs) {
    this.scenarios = scenarios;
    this.runs = runs;
  }

  /** A scenario of the gallery, without its text. */
  record Listed(
      String name,
      String title,
      String about,
      String group,
      @Nullable String beside,
      List<EngineFit> engines,
      boolean comparable) {}

  /** A kernel to run on, and why a scenario cannot; null where it can. */
  record EngineFit(String name, @Nullable String whyNot) {}

  /** Whether a text can be run, and where. */
  record Checked(
      boolean ok, @Nullable String title, List<EngineFit> engines, List<Problem> problems) {}

  /** What is wrong with a text, and where; line and column from 1. */
  record Problem(int line, int column, String message) {}

  @GetMapping("/api/scenarios")
  List<Listed> list() {
    return scenarios.list().stream()
        .map(
            each ->
                new Listed(
                    each.name(),
                    each.title(),
                    each.about(),
                    each.group(),
                    each.beside().isEmpty() ? null : each.beside(),
                    engines(each.text()),
                    each.comparable()))
        .toList();
  }

  @GetMapping("/api/scenarios/schema")
  Map<String, Object> schema() {
    return scenarios.schema();
  }

  @GetMapping("/api/scenarios/{name}")
  Scenarios.Entry one(@PathVariable String name) {
    return scenarios
        .find(name)
        .orElseThrow(
            () ->
                new ResponseStatusException(
                    HttpStatus.NOT_FOUND, "There is no scenario of this name in the gallery."));
  }

  @PostMapping(path = "/api/scenarios/check", consumes = MediaType.TEXT_PLAIN_VALUE)
  Checked check(@RequestBody(required = false) @Nullable String text) {
    try {
      String checked = text == null ? "" : text;
      return new Checked(true, scenarios.check(checked), engines(checked), List.of());
    } catch (BadScenarioException e) {
      return new Checked(
          false, null, List.of(), List.of(new Problem(e.line(), e.column(), e.problem())));
    }
  }

  private List<EngineFit> engines(String text) {
    return runs.whyNot(text).entrySet().stream()
        .map(
            each ->
                new EngineFit(each.getKey(), each.getValue().isEmpty() ? null : each.getValue()))
        .toList();
  }
}
