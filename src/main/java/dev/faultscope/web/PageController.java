package dev.faultscope.web;

import dev.faultscope.session.Session;
import dev.faultscope.session.library.Library;
import dev.faultscope.session.watch.WatchRuns;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.server.ResponseStatusException;

/** The pages; the front end builds what is inside. */
@Controller
class PageController {
  private final Library library;
  private final WatchRuns watches;
  private final FrontendModules modules;

  PageController(Library library, WatchRuns watches, FrontendModules modules) {
    this.library = library;
    this.watches = watches;
    this.modules = modules;
  }

  @GetMapping("/")
  String start() {
    return "index";
  }

  /** Guests of ours, and waiting for others'. */
  @GetMapping("/live")
  String live() {
    return "live";
  }

  /** What this machine can do. */
  @GetMapping("/probe")
  String probe() {
    return "probe";
  }

  /** A scenario's text. */
  @GetMapping("/scenario")
  String scenario() {
    return "scenario";
  }

  /** Two recordings side by side. */
  @GetMapping("/difference")
  String difference() {
    return "difference";
  }

  /** Several handlers on one scenario. */
  @GetMapping("/compare")
  String compare() {
    return "compare";
  }

  @GetMapping("/explore/{id}")
  String explore(@PathVariable String id, Model model) {
    return explorer(id, false, model);
  }

  /** A recording's picture without the program around it, for a page that frames it. */
  @GetMapping("/embed/{id}")
  String embed(@PathVariable String id, Model model) {
    return explorer(id, true, model);
  }

  private String explorer(String id, boolean embedded, Model model) {
    Session session =
        library.open(id).orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
    model.addAttribute("title", session.title());
    model.addAttribute("recording", id);
    model.addAttribute("watch", watches.run(id).isPresent());
    model.addAttribute("embed", embedded);
    model.addAttribute("modules", modules.paths());
    return "explorer";
  }
}
