package dev.faultscope.web;

import dev.faultscope.session.live.ThisMachine;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** What this machine can do. */
@RestController
class MachineController {
  private final ThisMachine machine;

  MachineController(ThisMachine machine) {
    this.machine = machine;
  }

  @GetMapping("/api/probe")
  ThisMachine.Report probe() {
    return machine.look();
  }
}
