package dev.faultscope.web.security;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Lets a request through when it names this host, comes from this origin and carries the session
 * cookie (or, from a script, the token as a bearer); else answers itself. Nothing behind it runs
 * for a refused request.
 */
public final class AccessFilter extends OncePerRequestFilter {
  private static final List<String> WITHOUT_TOKEN =
      List.of("/app/", "/boot/", "/webjars/", "/auth", "/healthz", "/favicon.ico");

  private static final String BEARER = "Bearer ";

  private final AllowedHosts hosts;
  private final AccessToken token;
  private final FrameAncestors ancestors;
  private final LoginAttempts attempts = new LoginAttempts(System::nanoTime);

  public AccessFilter(AllowedHosts hosts, AccessToken token, FrameAncestors ancestors) {
    this.hosts = hosts;
    this.token = token;
    this.ancestors = ancestors;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    SecurityHeaders.set(request, response, ancestors);
    String path = request.getRequestURI();
    if (!hosts.allows(request.getHeader("Host"))) {
      Refusal.send(
          response,
          HttpStatus.FORBIDDEN,
          "Host not allowed",
          "This program answers to localhost only; add a name with faultscope.allowed-hosts.");
    } else if (!RequestOrigin.isTrusted(request, ancestors)) {
      Refusal.send(
          response,
          HttpStatus.FORBIDDEN,
          "Foreign origin",
          "A page of another origin may not use this program.");
    } else if (path.startsWith("/ws/")) {
      handshake(request, response, chain);
    } else if (isFree(path) || hasAccess(request)) {
      chain.doFilter(request, response);
    } else if (path.startsWith("/api/")) {
      Refusal.send(
          response,
          HttpStatus.UNAUTHORIZED,
          "Token needed",
          "Open the link that the program printed when it started, or send the token as a bearer.");
    } else {
      UnlockPage.send(response);
    }
  }

  private void handshake(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    if (!RequestOrigin.isPresentAndSame(request)) {
      Refusal.send(
          response, HttpStatus.FORBIDDEN, "Origin needed", "A WebSocket needs this page's origin.");
    } else if (!hasAccess(request)) {
      Refusal.send(
          response,
          HttpStatus.FORBIDDEN,
          "Token needed",
          "Open the link that the program printed when it started.");
    } else {
      chain.doFilter(request, response);
    }
  }

  private boolean hasAccess(HttpServletRequest request) {
    if (token.matchesCookie(SessionCookie.value(request))) {
      return true;
    }
    String authorization = request.getHeader("Authorization");
    if (authorization == null || !authorization.startsWith(BEARER) || !attempts.mayTry()) {
      return false;
    }
    boolean right = token.matches(authorization.substring(BEARER.length()));
    if (!right) {
      attempts.failed();
    }
    return right;
  }

  private static boolean isFree(String path) {
    if (path.contains("..") || path.contains("%") || path.contains(";")) {
      return false;
    }
    for (String free : WITHOUT_TOKEN) {
      if (free.endsWith("/") ? path.startsWith(free) : path.equals(free)) {
        return true;
      }
    }
    return false;
  }
}
