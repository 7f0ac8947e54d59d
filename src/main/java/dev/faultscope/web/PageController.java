package dev.faultscope.web;

import dev.faultscope.session.Library;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.server.ResponseStatusException;

/** The two pages; the front end builds what is inside. */
@Controller
class PageController {
  private final Library library;
  private final FrontendModules modules;

  PageController(Library library, FrontendModules modules) {
    this.library = library;
    this.modules = modules;
  }

  @GetMapping("/")
  String start() {
    return "index";
  }

  @GetMapping("/explore/{id}")
  String explore(@PathVariable String id, Model model) {
    if (library.open(id).isEmpty()) {
      throw new ResponseStatusException(HttpStatus.NOT_FOUND);
    }
    model.addAttribute("recording", id);
    model.addAttribute("modules", modules.paths());
    return "explorer";
  }
}
