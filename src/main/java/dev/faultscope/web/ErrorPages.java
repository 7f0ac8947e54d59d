package dev.faultscope.web;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.servlet.ModelAndView;

/** What nobody else answered: words for a person, a problem detail for a program. */
@Controller
class ErrorPages implements ErrorController {
  @RequestMapping("/error")
  Object error(HttpServletRequest request) {
    HttpStatus status = status(request);
    if (isInterface(request)) {
      return ResponseEntity.of(ProblemDetail.forStatus(status)).build();
    }
    String view =
        switch (status.series()) {
          case CLIENT_ERROR -> status == HttpStatus.NOT_FOUND ? "error/404" : "error/4xx";
          case INFORMATIONAL, SUCCESSFUL, REDIRECTION, SERVER_ERROR -> "error/5xx";
        };
    return new ModelAndView(view, status);
  }

  private static HttpStatus status(HttpServletRequest request) {
    Object code = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
    HttpStatus status = code instanceof Integer number ? HttpStatus.resolve(number) : null;
    // Asked for by itself, this address is no error, only nothing.
    return status == null ? HttpStatus.NOT_FOUND : status;
  }

  private static boolean isInterface(HttpServletRequest request) {
    Object path = request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI);
    return path instanceof String text && (text.startsWith("/api/") || text.startsWith("/ws/"));
  }
}
