package dev.faultscope.web.security;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Exchanges the printed token for the session cookie. */
@RestController
class AuthController {
  private final AccessToken token;
  private final LoginAttempts attempts = new LoginAttempts(System::nanoTime);

  AuthController(AccessToken token) {
    this.token = token;
  }

  /** The body of an exchange. */
  record Exchange(@Nullable String token) {}

  @PostMapping(path = "/auth", consumes = "application/json")
  ResponseEntity<?> exchange(@RequestBody Exchange exchange, HttpServletRequest request) {
    if (!attempts.mayTry()) {
      return problem(
          HttpStatus.TOO_MANY_REQUESTS,
          "Too many wrong tokens; wait a minute, then open the printed link again.");
    }
    if (!token.matches(exchange.token())) {
      attempts.failed();
      return problem(
          HttpStatus.FORBIDDEN,
          "This is not the token of the running program; open the link it printed last.");
    }
    return ResponseEntity.noContent()
        .header(HttpHeaders.SET_COOKIE, SessionCookie.header(request, token))
        .header(HttpHeaders.CACHE_CONTROL, "no-store")
        .build();
  }

  /** Tells a page that was reached over a foreign link whether the browser has the cookie. */
  @GetMapping("/auth")
  ResponseEntity<Void> known(HttpServletRequest request) {
    boolean known = token.matchesCookie(SessionCookie.value(request));
    return ResponseEntity.status(known ? HttpStatus.NO_CONTENT : HttpStatus.UNAUTHORIZED)
        .header(HttpHeaders.CACHE_CONTROL, "no-store")
        .build();
  }

  private static ResponseEntity<ProblemDetail> problem(HttpStatus status, String detail) {
    return ResponseEntity.of(ProblemDetail.forStatusAndDetail(status, detail)).build();
  }
}
