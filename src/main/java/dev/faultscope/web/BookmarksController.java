package dev.faultscope.web;

import dev.faultscope.session.library.Bookmarks;
import dev.faultscope.session.library.NoSuchBookmarkException;
import dev.faultscope.session.query.BookmarkView;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What people note at moments of a recording. */
@RestController
@RequestMapping("/api/recordings/{id}/bookmarks")
class BookmarksController {
  /** The longest text has room in it, every character escaped. */
  private static final int MOST_BODY_BYTES = 8192;

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Bookmarks bookmarks;

  BookmarksController(Bookmarks bookmarks) {
    this.bookmarks = bookmarks;
  }

  @GetMapping
  List<BookmarkView> list(@PathVariable String id) {
    return bookmarks.of(id).orElseThrow(NoSuchRecordingException::new);
  }

  @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
  @ResponseStatus(HttpStatus.CREATED)
  BookmarkView add(@PathVariable String id, InputStream body) throws IOException {
    return bookmarks.add(id, draft(body)).orElseThrow(NoSuchRecordingException::new);
  }

  @PutMapping(path = "/{number}", consumes = MediaType.APPLICATION_JSON_VALUE)
  BookmarkView replace(@PathVariable String id, @PathVariable int number, InputStream body)
      throws IOException {
    return bookmarks.replace(id, number, draft(body)).orElseThrow(NoSuchRecordingException::new);
  }

  @DeleteMapping("/{number}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void remove(@PathVariable String id, @PathVariable int number) throws IOException {
    if (!bookmarks.remove(id, number)) {
      throw new NoSuchRecordingException();
    }
  }

  /** No more is read than a bookmark can have, however much somebody sends. */
  private static Bookmarks.Draft draft(InputStream body) throws IOException {
    byte[] read = body.readNBytes(MOST_BODY_BYTES + 1);
    if (read.length > MOST_BODY_BYTES) {
      throw new IllegalArgumentException(
          "A bookmark is sent in at most " + MOST_BODY_BYTES + " bytes: shorten its text.");
    }
    try {
      JsonNode sent = JSON.readTree(read);
      if (sent.isObject()) {
        return JSON.treeToValue(sent, Bookmarks.Draft.class);
      }
    } catch (JacksonException _) {
      // Said below, without what the parser calls its types.
    }
    throw new IllegalArgumentException(
        "A bookmark is sent as {\"seq\": 41, \"region\": 0, \"page\": 26, \"text\": \"…\"}, region"
            + " and page both or neither; this is something else.");
  }

  @ExceptionHandler
  ResponseEntity<ProblemDetail> unknown(NoSuchBookmarkException e) {
    return ProblemDetails.problem(HttpStatus.NOT_FOUND, e.getMessage());
  }
}
