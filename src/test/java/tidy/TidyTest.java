package tidy;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The house rules that a machine can check. */
class TidyTest {

    private static final int FILE_LINES = 400;
    private static final int METHOD_LINES = 60;
    private static final int COLUMNS = 100;
    private static final Set<String> BANNED =
        Set.of("Manager", "Helper", "Util", "Utils", "Impl", "Base", "Abstract");

    private static List<Source> main;
    private static List<Source> all;
    private static JavaClasses compiled;

    @BeforeAll
    static void read() {
        main = Source.below(Path.of("src/main/java"));
        all = Stream.concat(main.stream(), Source.below(Path.of("src/test/java")).stream())
            .toList();
        // What is not ours is told by its package alone; reading it all would take longer.
        ArchConfiguration.get().setResolveMissingDependenciesFromClassPath(false);
        compiled = new ClassFileImporter().importPath(Path.of("target/classes"));
    }

    @Test
    void thereIsSomethingToCheck() {
        assertFalse(main.isEmpty());
        assertFalse(compiled.isEmpty());
    }

    /** The adapters form a star round the rules: none of them sees another. */
    @ParameterizedTest(name = "{0} imports the JDK and {1}")
    @CsvSource(delimiter = '|', textBlock = """
        transaction | ''
        meter       | io.micrometer
        health      | org.slf4j
        codec       | transaction
        address     | ''
        egress      | address transaction
        signature   | org.bouncycastle.math.ec.rfc8032
        credential  | transaction tls io.netty com.fasterxml.jackson org.slf4j
        branch      | transaction address credential egress meter health wire tls signature \
                      io.grpc com.google.protobuf io.netty com.fasterxml.jackson org.slf4j
        encryption  | ''
        store       | transaction codec audit encryption meter health org.apache.pekko \
                      com.typesafe.config scala slick com.zaxxer.hikari org.h2 \
                      com.fasterxml.jackson org.slf4j
        actors      | transaction codec meter health org.apache.pekko com.typesafe.config scala \
                      org.slf4j
        wire        | transaction com.fasterxml.jackson com.google.protobuf
        security    | transaction address org.slf4j
        oidc        | security tls com.nimbusds org.slf4j
        audit       | org.slf4j
        tls         | io.netty org.apache.pekko.pki org.slf4j
        console     | ''
        http        | transaction security audit tls meter wire console org.apache.pekko \
                      com.typesafe.config scala com.fasterxml.jackson org.slf4j
        grpc        | transaction security audit tls health wire io.grpc io.netty \
                      com.google.common com.google.protobuf org.slf4j
        sbom        | com.fasterxml.jackson org.apache.maven.artifact.versioning
        bench       | credential wire io.grpc com.google.protobuf io.netty picocli \
                      com.fasterxml.jackson org.HdrHistogram
        prove       | branch credential transaction picocli com.fasterxml.jackson
        demo        | picocli com.fasterxml.jackson org.h2
        """)
    void eachPackageImportsWhatItsFloorAllows(String name, String allowed) {
        List<String> packages = new ArrayList<>(List.of("java..", "javax..", "com.sun.net..",
            "com.sun.management..", name + ".."));
        Stream.of(allowed.split("\\s+")).filter(each -> !each.isEmpty())
            .forEach(each -> packages.add(each + ".."));
        classes().that().resideInAPackage(name + "..")
            .should().onlyDependOnClassesThat().resideInAnyPackage(packages.toArray(String[]::new))
            .allowEmptyShould(true).check(compiled);
    }

    @Test
    void nobodySeesTheAssembly() {
        classes().that().resideInAnyPackage("pactor..")
            .should().onlyHaveDependentClassesThat().resideInAnyPackage("pactor..")
            .allowEmptyShould(true).check(compiled);
    }

    /** So that a host's library can do without the rest, and what only the rest needs. */
    @ParameterizedTest(name = "{0} sees nothing of {1}")
    @CsvSource(delimiter = '|', textBlock = """
        pactor.settings | pactor pactor.cluster pactor.doctor.. pactor.cli..
        pactor.cluster  | pactor pactor.doctor.. pactor.cli..
        pactor          | pactor.doctor.. pactor.cli.. bench.. demo.. prove.. sbom.. picocli.. \
                          ch.qos.logback..
        pactor.doctor   | pactor.cli.. picocli.. ch.qos.logback..
        actors          | actors.feed actors.testmode
        actors.feed     | actors.testmode
        """)
    void theInnerRoomsStandInARow(String name, String others) {
        noClasses().that().resideInAPackage(name)
            .should().dependOnClassesThat().resideInAnyPackage(others.split(" "))
            .check(compiled);
    }

    @Test
    void noStaticFieldChanges() {
        fields().that().areStatic().should().beFinal().check(compiled);
    }

    @Test
    void filesMethodsAndLinesAreShort() {
        List<String> tooLong = new ArrayList<>();
        for (Source source : all) {
            if (source.lines().size() > FILE_LINES) {
                tooLong.add(source + " has " + source.lines().size() + " lines");
            }
            for (int i = 0; i < source.lines().size(); i++) {
                String line = source.lines().get(i);
                if (line.codePointCount(0, line.length()) > COLUMNS) {
                    tooLong.add(source + ":" + (i + 1) + " is wider than " + COLUMNS);
                }
            }
            source.methods().stream().filter(method -> method.length() > METHOD_LINES)
                .forEach(method -> tooLong.add(source + " " + method.name() + " has "
                    + method.length() + " lines"));
        }
        assertEquals(List.of(), tooLong);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Instant.now", "currentTimeMillis", "nanoTime", "randomUUID", "Thread",
        "Logger", "Math.random"})
    void theRulesKnowNoWorld(String word) {
        assertNoneSays(word, source -> source.isBelow("src/main/java/transaction"));
    }

    @Test
    void nothingSleeps() {
        assertNoneSays("Thread.sleep", source -> source.isBelow("src/main/java"));
    }

    @Test
    void nothingIsLeftToDo() {
        String word = "TO" + "DO";
        assertEquals(List.of(), all.stream()
            .filter(source -> source.lines().stream().anyMatch(line -> line.contains(word)))
            .toList());
    }

    @Test
    void eachPublicTypeHasASentence() {
        List<String> mute = new ArrayList<>();
        for (Source source : main) {
            source.types().stream()
                .filter(type -> type.isPublic() && !type.isNested())
                .filter(type -> !isSentence(type.comment()))
                .forEach(type -> mute.add(source + " " + type.name()));
        }
        assertEquals(List.of(), mute);
    }

    @Test
    void noNameSaysNothing() {
        List<String> empty = new ArrayList<>();
        for (Source source : all) {
            source.types().stream()
                .filter(type -> Stream.of(type.name().split("(?=[A-Z])"))
                    .anyMatch(BANNED::contains))
                .forEach(type -> empty.add(source + " " + type.name()));
        }
        assertEquals(List.of(), empty);
    }

    /** What is nested may have a name that others have: it is read beside its own type's. */
    @Test
    void noTwoFilesHaveOneName() {
        Map<String, List<String>> files = main.stream().map(Source::toString)
            .filter(file -> !file.endsWith("package-info.java"))
            .collect(Collectors.groupingBy(file -> file.substring(file.lastIndexOf('/') + 1)));
        files.values().removeIf(each -> each.size() == 1);
        assertEquals(Map.of(), files);
    }

    private static boolean isSentence(String comment) {
        String first = comment.split("\n\\s*\n|\n\\s*@")[0].strip();
        return first.contains(" ") && first.matches("(?s).*[.:?!]\\s*");
    }

    private static void assertNoneSays(String word, Predicate<Source> where) {
        assertEquals(List.of(), main.stream().filter(where)
            .filter(source -> source.code().contains(word)).toList());
    }
}
