package dev.faultscope;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Starts Faultscope. */
@SpringBootApplication
public class FaultscopeApplication {

  public static void main(String[] arguments) {
    SpringApplication.run(FaultscopeApplication.class, arguments);
  }
}
