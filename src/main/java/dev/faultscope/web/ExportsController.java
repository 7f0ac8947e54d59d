package dev.faultscope.web;

import dev.faultscope.session.library.Exports;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.util.DisconnectedClientHelper;

/** Recordings to take along, in every form that the command line writes as well. */
@RestController
class ExportsController {
  private static final Logger LOG = LoggerFactory.getLogger(ExportsController.class);
  private static final int BUFFER_BYTES = 1 << 16;

  private final Exports exports;

  ExportsController(Exports exports) {
    this.exports = exports;
  }

  /** A form to save in; the name is what {@code format} says. */
  record Form(String name, String text) {}

  @GetMapping("/api/exports")
  List<Form> forms() {
    return exports.forms().stream().map(form -> new Form(form.name(), form.text())).toList();
  }

  @GetMapping("/api/recordings/{id}/export")
  void export(@PathVariable String id, @RequestParam String format, HttpServletResponse response)
      throws IOException {
    Exports.Form form = exports.form(format);
    boolean found;
    try {
      found =
          exports.write(
              id,
              form,
              () -> {
                response.setContentType(form.mediaType());
                response.setHeader(
                    HttpHeaders.CONTENT_DISPOSITION,
                    ContentDisposition.attachment()
                        .filename(id + "." + form.name())
                        .build()
                        .toString());
                return new BufferedOutputStream(response.getOutputStream(), BUFFER_BYTES);
              });
    } catch (IOException e) {
      if (DisconnectedClientHelper.isClientDisconnectedException(e)) {
        LOG.info("Nobody waits for {} any more: {}", id, e.toString());
        return;
      }
      if (!response.isCommitted()) {
        response.reset();
        throw e;
      }
      // Nothing answers this, by its cause neither: the connection is cut, so that what arrived is
      // not taken for all.
      throw new IllegalStateException("recording " + id + " could be saved in part only: " + e);
    }
    if (!found) {
      throw new NoSuchRecordingException();
    }
  }
}
