package dev.faultscope.web.security;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseCookie;

/**
 * The cookie a browser gets for the token. Browsers share cookies between all ports of a host, so
 * its name carries the port: two programs side by side do not sign each other out.
 */
final class SessionCookie {
  private SessionCookie() {}

  static String name(HttpServletRequest request) {
    String host = request.getHeader("Host");
    int portAt = host == null ? -1 : host.lastIndexOf(':');
    boolean hasPort = host != null && portAt > host.lastIndexOf(']');
    return "faultscope-" + (hasPort ? host.substring(portAt + 1) : "default");
  }

  static @Nullable String value(HttpServletRequest request) {
    String name = name(request);
    Cookie[] cookies = request.getCookies();
    if (cookies != null) {
      for (Cookie cookie : cookies) {
        if (cookie.getName().equals(name)) {
          return cookie.getValue();
        }
      }
    }
    return null;
  }

  static String header(HttpServletRequest request, AccessToken token) {
    return ResponseCookie.from(name(request), token.cookieValue())
        .httpOnly(true)
        .sameSite("Strict")
        .secure(request.isSecure())
        .path("/")
        .build()
        .toString();
  }
}
