package dev.faultscope.simulation;

import dev.faultscope.scenario.Scenario;
import dev.faultscope.scenario.ScenarioParser;
import dev.faultscope.timeline.RecordingFile;
import dev.faultscope.timeline.TimelineInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Runs scenarios of tests into recordings. */
final class Runs {
  private final Path folder;

  Runs(Path folder) {
    this.folder = folder;
  }

  /** Starts a scenario and executor the simulation over. {@return its recording's file} */
  Path run(String text, SimulationOptions options, Consumer<Simulation> body) throws IOException {
    Scenario scenario = ScenarioParser.parse(text);
    Path file = folder.resolve("run-" + System.nanoTime() + ".fscope");
    TimelineInfo info = new TimelineInfo(scenario.title(), Scenario.SIMULATION, 0);
    try (RecordingFile recording = RecordingFile.create(file, info)) {
      body.accept(Simulation.start(scenario, options, recording));
      recording.complete();
      recording.timeline().close();
    }
    return file;
  }

  /** Runs until nothing happens any more. */
  static void toTheEnd(Simulation simulation) {
    while (simulation.advance()) {
      // one thing after the other
    }
  }
}
