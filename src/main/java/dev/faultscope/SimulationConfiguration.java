package dev.faultscope;

import dev.faultscope.session.library.Library;
import dev.faultscope.session.live.LiveScenarios;
import dev.faultscope.session.run.SimulationEngine;
import dev.faultscope.session.scenario.Runs;
import dev.faultscope.session.scenario.Scenarios;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/** Where scenarios run on the simulated kernel, and those that come with the program. */
@Configuration(proxyBeanMethods = false)
class SimulationConfiguration {
  private static final String ENDING = ".yaml";

  @Bean
  Scenarios scenarios() throws IOException {
    List<Scenarios.Source> sources = new ArrayList<>();
    for (Resource each :
        new PathMatchingResourcePatternResolver().getResources("classpath:scenarios/*" + ENDING)) {
      String file = Objects.requireNonNull(each.getFilename());
      sources.add(
          new Scenarios.Source(
              file.substring(0, file.length() - ENDING.length()),
              each.getContentAsString(StandardCharsets.UTF_8)));
    }
    return new Scenarios(sources);
  }

  @Bean
  Runs runs(Library library, Scenarios scenarios, FaultscopeProperties properties) {
    // A run keeps its recording open: the other half is for those that people look at.
    int most = Math.max(1, properties.openSessions() / 2);
    return new Runs(
        library,
        scenarios,
        List.of(new SimulationEngine(), new LiveScenarios()),
        most,
        properties.idle(),
        System::nanoTime);
  }
}
