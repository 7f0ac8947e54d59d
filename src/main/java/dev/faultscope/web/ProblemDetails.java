package dev.faultscope.web;

import dev.faultscope.session.BadQueryException;
import dev.faultscope.session.library.ExportsBusyException;
import dev.faultscope.session.library.LibraryFullException;
import dev.faultscope.session.library.UploadRefusedException;
import dev.faultscope.session.scenario.BadScenarioException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotWritableException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import org.springframework.web.util.DisconnectedClientHelper;

/** Errors of the interface as problem details: what happened and what to do, no stack traces. */
@RestControllerAdvice(annotations = RestController.class)
class ProblemDetails extends ResponseEntityExceptionHandler {
  private static final Logger LOG = LoggerFactory.getLogger(ProblemDetails.class);

  @ExceptionHandler(NoSuchRecordingException.class)
  ResponseEntity<ProblemDetail> unknown(NoSuchRecordingException e) {
    return problem(HttpStatus.NOT_FOUND, e.getMessage());
  }

  @ExceptionHandler(BadQueryException.class)
  ResponseEntity<ProblemDetail> query(BadQueryException e) {
    ProblemDetail problem =
        ProblemDetail.forStatusAndDetail(HttpStatus.BAD_REQUEST, String.valueOf(e.getMessage()));
    problem.setProperty("position", e.position());
    return ResponseEntity.of(problem).build();
  }

  @ExceptionHandler(BadScenarioException.class)
  ResponseEntity<ProblemDetail> scenario(BadScenarioException e) {
    ProblemDetail problem =
        ProblemDetail.forStatusAndDetail(HttpStatus.BAD_REQUEST, String.valueOf(e.getMessage()));
    problem.setProperty("line", e.line());
    problem.setProperty("column", e.column());
    return ResponseEntity.of(problem).build();
  }

  @ExceptionHandler({IllegalArgumentException.class, IndexOutOfBoundsException.class})
  ResponseEntity<ProblemDetail> outOfRange(RuntimeException e) {
    return problem(HttpStatus.BAD_REQUEST, e.getMessage());
  }

  @ExceptionHandler({LibraryFullException.class, ExportsBusyException.class})
  ResponseEntity<ProblemDetail> full(RuntimeException e) {
    return problem(HttpStatus.SERVICE_UNAVAILABLE, e.getMessage());
  }

  @ExceptionHandler(UploadRefusedException.class)
  ResponseEntity<ProblemDetail> refused(UploadRefusedException e) {
    HttpStatus status =
        switch (e.reason()) {
          case TOO_LARGE -> HttpStatus.CONTENT_TOO_LARGE;
          case DISK_FULL -> HttpStatus.INSUFFICIENT_STORAGE;
          case UNREADABLE -> HttpStatus.UNPROCESSABLE_CONTENT;
          case BUSY -> HttpStatus.SERVICE_UNAVAILABLE;
        };
    return problem(status, e.getMessage());
  }

  @ExceptionHandler(IOException.class)
  ResponseEntity<ProblemDetail> broken(IOException e) {
    LOG.info("A request broke off: {}", e.toString());
    return problem(
        HttpStatus.BAD_REQUEST,
        "The request broke off, or the disk cannot be written; see the log.");
  }

  /** Whoever asked has left, as browsers do with every page: nothing to warn of. */
  @Override
  protected @Nullable ResponseEntity<Object> handleHttpMessageNotWritable(
      HttpMessageNotWritableException e,
      HttpHeaders headers,
      HttpStatusCode status,
      WebRequest request) {
    if (DisconnectedClientHelper.isClientDisconnectedException(e)) {
      LOG.debug("Nobody is there for the answer any more: {}", e.toString());
      return null;
    }
    return super.handleHttpMessageNotWritable(e, headers, status, request);
  }

  /** {@return an answer that says what happened; also for what one controller alone can meet} */
  static ResponseEntity<ProblemDetail> problem(HttpStatus status, @Nullable String detail) {
    return ResponseEntity.of(ProblemDetail.forStatusAndDetail(status, String.valueOf(detail)))
        .build();
  }
}
