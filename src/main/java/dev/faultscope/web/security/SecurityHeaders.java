package dev.faultscope.web.security;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * Headers of every answer: nothing from elsewhere runs here, nothing here is shown elsewhere, but
 * where somebody said so.
 */
final class SecurityHeaders {
  /** The request's attribute that a page takes its nonce from. */
  private static final String NONCE = "cspNonce";

  private static final int NONCE_BYTES = 16;
  private static final SecureRandom RANDOM = new SecureRandom();

  private SecurityHeaders() {}

  static void set(
      HttpServletRequest request, HttpServletResponse response, FrameAncestors ancestors) {
    byte[] bytes = new byte[NONCE_BYTES];
    RANDOM.nextBytes(bytes);
    String nonce = Base64.getEncoder().withoutPadding().encodeToString(bytes);
    request.setAttribute(NONCE, nonce);
    // The nonce lets in what cannot be a file of its own: the import map, and the style element
    // that
    // the scenario's editor makes.
    response.setHeader(
        "Content-Security-Policy",
        "default-src 'none'; script-src 'self' 'nonce-%1$s'; style-src 'self' 'nonce-%1$s';"
                .formatted(nonce)
            + " img-src 'self' data: blob:; font-src 'self'; connect-src 'self';"
            + " worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self';"
            + " frame-ancestors "
            + ancestors.sources(request.getRequestURI()));
    response.setHeader("X-Content-Type-Options", "nosniff");
    if (!ancestors.mayFrame(request.getRequestURI())) {
      // It knows no list: where one is named, the policy above says it alone.
      response.setHeader("X-Frame-Options", "DENY");
    }
    response.setHeader("Referrer-Policy", "no-referrer");
    response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
    response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
    response.setHeader("Cross-Origin-Embedder-Policy", "require-corp");
  }
}
