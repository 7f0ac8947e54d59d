package dev.faultscope;

import dev.faultscope.session.library.Library;
import dev.faultscope.session.live.LiveLimits;
import dev.faultscope.session.live.LiveRuns;
import dev.faultscope.session.live.ThisMachine;
import dev.faultscope.session.scenario.Runs;
import dev.faultscope.session.watch.WatchRuns;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Where real guests run, and processes are watched. */
@Configuration(proxyBeanMethods = false)
class LiveConfiguration {
  @Bean
  LiveRuns liveRuns(Library library, Runs runs) {
    return new LiveRuns(library, runs, LiveLimits.USUAL);
  }

  @Bean
  WatchRuns watchRuns(Library library) {
    return new WatchRuns(library);
  }

  @Bean
  ThisMachine thisMachine() {
    return new ThisMachine();
  }
}
