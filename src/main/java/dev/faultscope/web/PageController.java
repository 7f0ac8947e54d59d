package dev.faultscope.web;

import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;

/** The two pages; the front end builds what is inside. */
@Controller
class PageController {
  @GetMapping("/")
  String start() {
    return "index";
  }

  @GetMapping("/explore/{id}")
  String explore(@PathVariable String id, Model model) {
    model.addAttribute("recording", id);
    return "explorer";
  }
}
