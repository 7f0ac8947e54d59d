package dev.faultscope.web.security;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a request says of the page that made it. */
final class RequestOrigin {
  private RequestOrigin() {}

  /**
   * {@return whether the request comes from a page of this very program, from an address bar, or
   * from no browser at all}
   *
   * <p>A link on a foreign page may still be followed: it is a GET for a whole page, which such a
   * page cannot read. So is a frame where frames are allowed: which pages may show it, its own
   * header tells the browser.
   */
  static boolean isTrusted(HttpServletRequest request, FrameAncestors ancestors) {
    String origin = request.getHeader("Origin");
    if (origin != null && !isSame(origin, request)) {
      return false;
    }
    String site = request.getHeader("Sec-Fetch-Site");
    return site == null
        || site.equals("same-origin")
        || site.equals("none")
        || isLinkFollowed(request)
        || isFramed(request, ancestors);
  }

  /** {@return whether there is an origin and it is this program's} */
  static boolean isPresentAndSame(HttpServletRequest request) {
    String origin = request.getHeader("Origin");
    return origin != null && isSame(origin, request);
  }

  private static boolean isLinkFollowed(HttpServletRequest request) {
    return request.getMethod().equals("GET")
        && "navigate".equals(request.getHeader("Sec-Fetch-Mode"))
        && "document".equals(request.getHeader("Sec-Fetch-Dest"));
  }

  private static boolean isFramed(HttpServletRequest request, FrameAncestors ancestors) {
    return request.getMethod().equals("GET")
        && "navigate".equals(request.getHeader("Sec-Fetch-Mode"))
        && "iframe".equals(request.getHeader("Sec-Fetch-Dest"))
        && ancestors.mayFrame(request.getRequestURI());
  }

  private static boolean isSame(String origin, HttpServletRequest request) {
    String host = request.getHeader("Host");
    if (host == null) {
      return false;
    }
    try {
      URI uri = new URI(origin);
      String scheme = uri.getScheme();
      String authority = uri.getAuthority();
      if (authority == null || !("http".equals(scheme) || "https".equals(scheme))) {
        return false;
      }
      return withPort(authority, scheme).equals(withPort(host, scheme));
    } catch (URISyntaxException _) {
      return false;
    }
  }

  /**
   * Browsers leave a default port out of both headers; a proxy that ends TLS leaves the scheme of
   * the origin as the only hint which default is meant.
   */
  private static String withPort(String authority, @Nullable String scheme) {
    String lower = authority.toLowerCase(Locale.ROOT);
    boolean hasPort = lower.lastIndexOf(':') > lower.lastIndexOf(']');
    return hasPort ? lower : lower + ("https".equals(scheme) ? ":443" : ":80");
  }
}
