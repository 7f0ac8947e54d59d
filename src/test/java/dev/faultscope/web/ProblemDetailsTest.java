package dev.faultscope.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotWritableException;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.web.context.request.ServletWebRequest;

/** What becomes of answers that cannot be written. */
@ExtendWith(OutputCaptureExtension.class)
class ProblemDetailsTest {
  private final ProblemDetails details = new ProblemDetails();

  @Test
  void answerThatNobodyWaitsForIsNoWarning(CapturedOutput output) throws Exception {
    assertThat(answer(new IOException("Broken pipe"))).isNull();
    assertThat(output.getAll()).doesNotContain("WARN");
  }

  @Test
  void answerThatCannotBeMadeIsOne(CapturedOutput output) throws Exception {
    assertThat(answer(new IllegalStateException("no such thing"))).isNull();
    assertThat(output.getAll()).contains("WARN").contains("no such thing");
  }

  private @Nullable ResponseEntity<Object> answer(Exception cause) throws Exception {
    MockHttpServletResponse begun = new MockHttpServletResponse();
    begun.setCommitted(true);
    return details.handleException(
        new HttpMessageNotWritableException("cannot write: " + cause.getMessage(), cause),
        new ServletWebRequest(new MockHttpServletRequest(), begun));
  }
}
