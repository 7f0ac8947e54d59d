package dev.faultscope.web;

import dev.faultscope.session.comparison.Comparison;
import dev.faultscope.session.comparison.ComparisonRequest;
import dev.faultscope.session.comparison.ComparisonView;
import dev.faultscope.session.comparison.Comparisons;
import dev.faultscope.session.comparison.PolicyChoice;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Several handler policies on one scenario. */
@RestController
class ComparisonsController {
  private final Comparisons comparisons;

  ComparisonsController(Comparisons comparisons) {
    this.comparisons = comparisons;
  }

  /** What to compare; docs/wire-protocol.md. */
  record Wanted(
      @Nullable String text,
      @Nullable List<String> policies,
      @Nullable List<Long> seeds,
      @Nullable List<String> engines,
      @Nullable Map<String, String> set) {}

  /** Names what was created. */
  record Created(String id) {}

  @GetMapping("/api/policies")
  List<PolicyChoice> policies() {
    return PolicyChoice.all();
  }

  @PostMapping("/api/comparisons")
  @ResponseStatus(HttpStatus.CREATED)
  Created start(@RequestBody Wanted wanted) throws Comparisons.BusyException {
    ComparisonRequest request =
        ComparisonRequest.of(
            orElse(wanted.text(), ""),
            orElse(wanted.policies(), List.of()),
            orElse(wanted.seeds(), List.of()),
            orElse(wanted.engines(), List.of()),
            orElse(wanted.set(), Map.of()),
            comparisons.limits());
    return new Created(comparisons.start(request).id());
  }

  @GetMapping("/api/comparisons/{id}")
  ComparisonView view(@PathVariable String id) {
    return comparisons.find(id).map(Comparison::view).orElseThrow(NoSuchComparisonException::new);
  }

  @DeleteMapping("/api/comparisons/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void forget(@PathVariable String id) {
    if (!comparisons.forget(id)) {
      throw new NoSuchComparisonException();
    }
  }

  private static <T> T orElse(@Nullable T value, T otherwise) {
    return value == null ? otherwise : value;
  }

  @ExceptionHandler
  ResponseEntity<ProblemDetail> busy(Comparisons.BusyException e) {
    return ProblemDetails.problem(HttpStatus.SERVICE_UNAVAILABLE, e.getMessage());
  }

  @ExceptionHandler
  ResponseEntity<ProblemDetail> unknown(NoSuchComparisonException e) {
    return ProblemDetails.problem(HttpStatus.NOT_FOUND, e.getMessage());
  }

  /** A name that no comparison has, or no longer. */
  static final class NoSuchComparisonException extends RuntimeException {
    private static final long serialVersionUID = 1;

    NoSuchComparisonException() {
      super("There is no such comparison; the oldest are forgotten. Start it again.");
    }
  }
}
