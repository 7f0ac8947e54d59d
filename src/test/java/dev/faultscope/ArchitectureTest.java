package dev.faultscope;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import dev.faultscope.model.Region;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.socket.WebSocketHandler;

/**
 * Holds the arrows and invariants of ARCHITECTURE.md. Each rule says how to mend what breaks it.
 */
class ArchitectureTest {

  private static final String BASE = "dev.faultscope";

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(BASE);

  /** A library that not every package may use; the JDK and JSpecify are free to all. */
  @SuppressWarnings("ImmutableEnumChecker") // a List.of
  enum Library {
    SPRING("org.springframework."),
    JACKSON_CORE("tools.jackson.core."),
    JACKSON("tools.jackson.", "com.fasterxml.jackson.annotation."),
    HDR_HISTOGRAM("org.HdrHistogram."),
    ROARING_BITMAP("org.roaringbitmap."),
    SLF4J("org.slf4j."),
    PICOCLI("picocli."),
    SNAKEYAML("org.yaml.snakeyaml."),
    SERVLET("jakarta.");

    private final List<String> prefixes;

    Library(String... prefixes) {
      this.prefixes = List.of(prefixes);
    }

    boolean holds(JavaClass type) {
      return prefixes.stream().anyMatch(type.getName()::startsWith);
    }
  }

  /**
   * The package table of ARCHITECTURE.md. A class belongs to the longest package that holds it, so
   * {@code linux.ffi} is not {@code linux}.
   */
  enum Part {
    MODEL("model"),
    TIMELINE("timeline"),
    SETTINGS("settings"),
    POLICY("policy"),
    WORKLOAD("workload"),
    SIMULATION("simulation"),
    SCENARIO("scenario"),
    LINUX_FFI("linux.ffi"),
    LINUX("linux"),
    LIVE("live"),
    TRACE("trace"),
    SESSION("session"),
    STREAM("stream"),
    WEB("web"),
    CLI("cli"),
    ROOT("");

    private final String packageName;

    Part(String name) {
      packageName = name.isEmpty() ? BASE : BASE + "." + name;
    }

    Set<Part> mayUse() {
      return switch (this) {
        case MODEL, SETTINGS, LINUX_FFI -> EnumSet.noneOf(Part.class);
        case TIMELINE -> EnumSet.of(MODEL);
        case POLICY -> EnumSet.of(MODEL, SETTINGS);
        case WORKLOAD -> EnumSet.of(MODEL, SETTINGS, TIMELINE);
        case SCENARIO -> EnumSet.of(MODEL, SETTINGS, POLICY, WORKLOAD);
        case LINUX -> EnumSet.of(LINUX_FFI);
        case TRACE -> EnumSet.of(MODEL, TIMELINE);
        case SIMULATION -> EnumSet.of(MODEL, TIMELINE, SETTINGS, POLICY, WORKLOAD, SCENARIO);
        case LIVE -> EnumSet.of(LINUX, MODEL, SETTINGS, POLICY, WORKLOAD, SCENARIO, TIMELINE);
        case SESSION ->
            EnumSet.of(
                MODEL,
                SETTINGS,
                TIMELINE,
                POLICY,
                WORKLOAD,
                SIMULATION,
                SCENARIO,
                LINUX,
                LIVE,
                TRACE);
        case STREAM -> EnumSet.of(SESSION, SCENARIO, MODEL);
        case WEB -> EnumSet.of(SESSION, STREAM);
        case CLI -> EnumSet.complementOf(EnumSet.of(ROOT));
        case ROOT -> EnumSet.allOf(Part.class);
      };
    }

    Set<Library> mayUseLibraries() {
      return switch (this) {
        case MODEL, SETTINGS, POLICY, WORKLOAD, SIMULATION, LINUX, LINUX_FFI ->
            EnumSet.noneOf(Library.class);
        case TIMELINE -> EnumSet.of(Library.HDR_HISTOGRAM, Library.ROARING_BITMAP);
        case SCENARIO -> EnumSet.of(Library.SNAKEYAML);
        case TRACE -> EnumSet.of(Library.JACKSON);
        case LIVE -> EnumSet.of(Library.JACKSON_CORE, Library.SLF4J);
        case SESSION -> EnumSet.of(Library.SLF4J);
        case STREAM, WEB ->
            EnumSet.of(Library.SPRING, Library.JACKSON, Library.SLF4J, Library.SERVLET);
        case CLI, ROOT -> EnumSet.allOf(Library.class);
      };
    }

    boolean holds(JavaClass type) {
      return of(type) == this;
    }

    static Part of(JavaClass type) {
      String name = type.getPackageName();
      return Arrays.stream(values())
          .filter(part -> name.equals(part.packageName) || name.startsWith(part.packageName + "."))
          .max(Comparator.comparingInt(part -> part.packageName.length()))
          .orElseThrow(() -> new IllegalArgumentException(type.getName() + " is not ours"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void packageUsesOnlyWhatTheTableAllows(Part part) {
    String allowed =
        part.mayUse().stream().map(other -> other.packageName).sorted().collect(joining(", "));
    check(
        classes()
            .that(describe("belong to " + part.packageName, part::holds))
            .should()
            .onlyDependOnClassesThat(
                describe(
                    "belong to %s, the JDK or %s".formatted(allowed, part.mayUseLibraries()),
                    type -> isAllowed(part, type)))
            .because(
                "data flows one way (ARCHITECTURE.md, Packages): pass the value in as a parameter,"
                    + " move the shared type down to `model`, or turn the call round with an"
                    + " interface that the lower package owns"));
  }

  private static boolean isAllowed(Part from, JavaClass type) {
    JavaClass base = type.getBaseComponentType();
    String name = base.getName();
    if (name.startsWith(BASE + ".")) {
      Part to = Part.of(base);
      return to == from || from.mayUse().contains(to);
    }
    return base.isPrimitive()
        || name.startsWith("java.")
        || name.startsWith("javax.")
        || name.startsWith("org.jspecify.")
        || from.mayUseLibraries().stream().anyMatch(library -> library.holds(base));
  }

  @Test
  void everyClassIsInAPackageOfTheTable() {
    check(
        classes()
            .that(describe("are below the base package", type -> Part.of(type) == Part.ROOT))
            .should()
            .resideInAPackage(BASE)
            .because(
                "a package that the table of ARCHITECTURE.md does not name has no arrows: add it"
                    + " there and here, or put the class into a package that exists"));
  }

  @Test
  void packagesHaveNoCycles() {
    check(
        slices()
            .matching(BASE + ".(**)")
            .should()
            .beFreeOfCycles()
            .because(
                "two packages that need each other are one: move the shared type below both, or"
                    + " merge them"));
  }

  @Test
  void onlyLinuxFfiLinksNativeCode() {
    check(
        noClasses()
            .that(not(describe("belong to linux.ffi", Part.LINUX_FFI::holds)))
            .should()
            .dependOnClassesThat()
            .belongToAnyOf(Linker.class, SymbolLookup.class)
            .because("one package owns the linker: add a method to linux.ffi and call that"));
  }

  @Test
  void onlyLinuxFfiTurnsAddressesIntoMemory() {
    check(
        noClasses()
            .that(not(describe("belong to linux.ffi", Part.LINUX_FFI::holds)))
            .should()
            .callMethodWhere(
                target(
                        owner(
                            describe(
                                "MemorySegment", type -> type.isAssignableTo(MemorySegment.class))))
                    .and(target(nameMatching("reinterpret|ofAddress"))))
            .because(
                "Java that touches memory registered with a userfaultfd stops the whole JVM: let"
                    + " the guest process or an ioctl (UFFDIO_COPY from a buffer of our own) touch"
                    + " it"));
  }

  @Test
  void jackson2IsNotUsed() {
    check(
        noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("com.fasterxml.jackson.core..", "com.fasterxml.jackson.databind..")
            .because("Spring Boot 4 brings Jackson 3: use the same class from tools.jackson"));
  }

  @Test
  void onlyTheCommandsPrint() {
    check(
        noClasses()
            .that(not(describe("belong to cli", Part.CLI::holds)))
            .should(ACCESS_STANDARD_STREAMS)
            .because(
                "output belongs to the commands: return the text, or use a logger in live, session,"
                    + " stream, web"));
  }

  @Test
  void simulationHasNoWallClock() {
    check(
        noClasses()
            .that(describe("are deterministic", ArchitectureTest::isDeterministic))
            .should()
            .callMethodWhere(
                target(
                        nameMatching(
                            "currentTimeMillis|nanoTime|now|systemUTC|systemDefaultZone|system|tick.*"))
                    .and(
                        target(
                            owner(
                                describe(
                                    "System or java.time",
                                    type ->
                                        type.isEquivalentTo(System.class)
                                            || type.getPackageName().equals("java.time"))))))
            .because(
                "the same seed gives the same run, byte for byte: take the time from the"
                    + " simulation's clock"));
  }

  @Test
  void simulationHasNoThreads() {
    check(
        noClasses()
            .that(describe("are deterministic", ArchitectureTest::isDeterministic))
            .should()
            .dependOnClassesThat(
                resideInAPackage("java.util.concurrent..")
                    .or(
                        describe(
                            "are threads or timers",
                            type ->
                                type.isAssignableTo(Thread.class)
                                    || type.isAssignableTo(java.util.Timer.class)
                                    || type.isAssignableTo(ThreadLocal.class))))
            .because(
                "order comes from (time, sequence) only: schedule an event; guest threads are"
                    + " values, not Java threads"));
  }

  @Test
  void simulationHasNoUnseededRandomness() {
    check(
        noClasses()
            .that(describe("are deterministic", ArchitectureTest::isDeterministic))
            .should()
            .callCodeUnitWhere(describe("is unseeded", ArchitectureTest::isUnseeded))
            .because("the same seed gives the same run: draw from the simulation's random source"));
  }

  /** The simulation, and what plays the same on a real kernel. */
  private static boolean isDeterministic(JavaClass type) {
    return EnumSet.of(Part.SIMULATION, Part.POLICY, Part.WORKLOAD).contains(Part.of(type));
  }

  private static boolean isUnseeded(JavaCall<?> call) {
    AccessTarget.CodeUnitCallTarget target = call.getTarget();
    JavaClass owner = target.getOwner();
    boolean unseededConstructor =
        target.getName().equals("<init>")
            && target.getRawParameterTypes().isEmpty()
            && owner.isAssignableTo(java.util.random.RandomGenerator.class);
    return unseededConstructor
        || owner.isAssignableTo(ThreadLocalRandom.class)
        || owner.isAssignableTo(java.security.SecureRandom.class)
        || (owner.isEquivalentTo(Math.class) && target.getName().equals("random"))
        || (owner.isEquivalentTo(java.util.Collections.class)
            && target.getName().equals("shuffle")
            && target.getRawParameterTypes().size() == 1)
        || (owner.isEquivalentTo(java.util.UUID.class) && target.getName().equals("randomUUID"))
        || (owner.isEquivalentTo(System.class) && target.getName().equals("identityHashCode"));
  }

  @Test
  void queuesHaveABound() {
    check(
        noClasses()
            .should()
            .callConstructor(LinkedBlockingQueue.class)
            .orShould()
            .callConstructor(LinkedBlockingDeque.class)
            .orShould()
            .dependOnClassesThat()
            .belongToAnyOf(
                java.util.concurrent.LinkedTransferQueue.class,
                java.util.concurrent.PriorityBlockingQueue.class,
                java.util.concurrent.DelayQueue.class)
            .because("every queue has a bound and says so when it is reached: give it a capacity"));
  }

  @Test
  void pageHasOneSizeAboveLinux() {
    check(
        noFields()
            .that()
            .haveNameMatching("((HUGE|BIG)_)?PAGE(_BYTES|_SIZE|_SHIFT)?")
            .and()
            .haveRawType(describe("a number", JavaClass::isPrimitive))
            .should()
            .beDeclaredInClassesThat(
                describe(
                    "are neither Region nor linux's own",
                    type -> !type.isEquivalentTo(Region.class) && Part.of(type) != Part.LINUX))
            .because("page numbers of one recording meet everywhere: take Region.PAGE_BYTES"));
  }

  @Test
  void wireHoldsNothingOfTheCore() {
    Set<JavaClass> seen = new HashSet<>();
    Deque<JavaClass> toSee = new ArrayDeque<>();
    for (JavaClass type : CLASSES) {
      if (type.isMetaAnnotatedWith(Controller.class)) {
        type.getMethods().stream()
            .filter(method -> method.isMetaAnnotatedWith(RequestMapping.class))
            .flatMap(
                method ->
                    Stream.concat(
                        Stream.of(method.getReturnType()), method.getParameterTypes().stream()))
            .forEach(involved -> toSee.addAll(involved.getAllInvolvedRawTypes()));
      }
      if (type.getName().startsWith(BASE + ".stream.ServerMessage$")) {
        toSee.add(type);
      }
    }
    List<String> ofTheCore = new ArrayList<>();
    while (!toSee.isEmpty()) {
      JavaClass type = toSee.remove().getBaseComponentType();
      if (!type.getName().startsWith(BASE + ".") || !seen.add(type)) {
        continue;
      }
      boolean isOfTheEdge = EnumSet.of(Part.WEB, Part.STREAM, Part.SESSION).contains(Part.of(type));
      // One of a few records is what each of them is.
      boolean isChoice = type.reflect().isSealed();
      if (isChoice) {
        toSee.addAll(type.getSubclasses());
      }
      if (!isOfTheEdge || !(type.isRecord() || type.isEnum() || isChoice)) {
        ofTheCore.add(type.getName());
      }
      type.getFields().stream()
          .filter(field -> !field.getModifiers().contains(JavaModifier.STATIC))
          .forEach(field -> toSee.addAll(field.getType().getAllInvolvedRawTypes()));
    }
    assertThat(seen).as("the rule sees what is sent").hasSizeGreaterThan(40);
    assertThat(ofTheCore)
        .as(
            "a name in the core is not a promise to a browser: give the answer a record of web,"
                + " stream or session with words and numbers, and map it by hand")
        .isEmpty();
  }

  @Test
  void controllersAndHandlersArePackagePrivate() {
    check(
        classes()
            .that()
            .areMetaAnnotatedWith(Controller.class)
            .or()
            .areMetaAnnotatedWith(ControllerAdvice.class)
            .or()
            .areAssignableTo(WebSocketHandler.class)
            .should()
            .bePackagePrivate()
            .because("nothing but Spring calls them: drop `public`"));
  }

  @Test
  void everyPackageIsNullMarked() {
    assertThat(CLASSES)
        .extracting(JavaClass::getPackage)
        .filteredOn(javaPackage -> !javaPackage.isAnnotatedWith(NullMarked.class))
        .extracting(JavaPackage::getName)
        .as("NullAway checks only marked packages: add a package-info.java with @NullMarked")
        .isEmpty();
  }

  @Test
  void theRulesSeeTheProductAndNotTheTests() {
    assertThat(CLASSES.contain(FaultscopeApplication.class)).isTrue();
    assertThat(CLASSES.contain(ArchitectureTest.class)).isFalse();
  }

  private static void check(ArchRule rule) {
    rule.allowEmptyShould(true).check(CLASSES);
  }
}
