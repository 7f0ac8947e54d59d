package dev.faultscope.web.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LoginAttemptsTest {
  @Test
  void wrongTokensCloseTheDoorForAMinute() {
    AtomicLong now = new AtomicLong(5);
    LoginAttempts attempts = new LoginAttempts(now::get);
    for (int i = 0; i < LoginAttempts.LIMIT; i++) {
      assertThat(attempts.mayTry()).isTrue();
      attempts.failed();
    }

    assertThat(attempts.mayTry()).isFalse();
    now.addAndGet(LoginAttempts.PERIOD_NS + 1);
    assertThat(attempts.mayTry()).isTrue();
  }
}
