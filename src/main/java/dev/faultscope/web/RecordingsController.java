package dev.faultscope.web;

import dev.faultscope.session.library.Library;
import dev.faultscope.session.library.RecordingOverview;
import dev.faultscope.session.library.UploadRefusedException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** What there is to open; uploads and their imports. */
@RestController
@RequestMapping("/api/recordings")
class RecordingsController {
  /** Most regions that can be told by hand. */
  private static final int MAX_REGIONS = 256;

  private final Library library;

  RecordingsController(Library library) {
    this.library = library;
  }

  /** Names what was created. */
  record Created(String id) {}

  /** The body of a change of regions. */
  record Regions(@Nullable List<String> regions) {}

  @GetMapping
  List<RecordingOverview> list() {
    return library.list();
  }

  @GetMapping("/{id}")
  RecordingDetails details(@PathVariable String id) {
    return library.ask(id, RecordingDetails::of).orElseThrow(NoSuchRecordingException::new);
  }

  @PostMapping(consumes = MediaType.APPLICATION_OCTET_STREAM_VALUE)
  @ResponseStatus(HttpStatus.CREATED)
  Created upload(@RequestParam(defaultValue = "") String name, HttpServletRequest request)
      throws IOException, UploadRefusedException {
    library.admit(request.getContentLengthLong());
    String[] regions = request.getParameterValues("region");
    return new Created(
        library.upload(
            request.getInputStream(),
            name,
            bounded(regions == null ? List.of() : List.of(regions))));
  }

  @PostMapping(path = "/{id}/regions", consumes = MediaType.APPLICATION_JSON_VALUE)
  @ResponseStatus(HttpStatus.ACCEPTED)
  Created setRegions(@PathVariable String id, @RequestBody Regions body)
      throws IOException, UploadRefusedException {
    List<String> regions = body.regions();
    if (!library.setRegions(id, bounded(regions == null ? List.of() : regions))) {
      throw new NoSuchRecordingException();
    }
    return new Created(id);
  }

  @DeleteMapping("/{id}/import")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void cancelImport(@PathVariable String id) {
    if (!library.cancelImport(id)) {
      throw new NoSuchRecordingException();
    }
  }

  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void forget(@PathVariable String id) throws IOException {
    if (!library.forget(id)) {
      throw new NoSuchRecordingException();
    }
  }

  private static List<String> bounded(List<String> regions) {
    if (regions.size() > MAX_REGIONS) {
      throw new IllegalArgumentException("at most " + MAX_REGIONS + " regions can be told by hand");
    }
    return regions;
  }
}
