package dev.faultscope;

import dev.faultscope.session.Library;
import dev.faultscope.session.live.LiveLimits;
import dev.faultscope.session.live.LiveRuns;
import dev.faultscope.session.live.ThisMachine;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Where real guests run. */
@Configuration(proxyBeanMethods = false)
class LiveConfiguration {
  @Bean
  LiveRuns liveRuns(Library library) {
    return new LiveRuns(library, LiveLimits.USUAL);
  }

  @Bean
  ThisMachine thisMachine() {
    return new ThisMachine();
  }
}
