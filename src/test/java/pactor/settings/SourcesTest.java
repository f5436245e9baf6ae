package pactor.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SourcesTest {

    @TempDir
    private Path dir;

    // Each row sets the port in some of the sources; the first column wins in the end.
    @ParameterizedTest(name = "{0} of {1}, {2}, {3}, {4}, {5}, {6}")
    @CsvSource(delimiter = '|', textBlock = """
        8080 |    |    |    |    |    |    | default
        8001 |  1 |    |    |    |    |    | flag --port
        8002 |    |  2 |    |    |    |    | system property pactor.http.port
        8003 |    |    |  3 |    |    |    | env PACTOR_HTTP_PORT
        8004 |    |    |    |  4 |    |    | env HTTP_PORT
        8005 |    |    |    |    |  5 |    | config.yaml:1
        8006 |    |    |    |    |    |  6 | config.yaml:1 HttpPort
        8001 |  1 |  2 |  3 |  4 |  5 |  6 | flag --port
        8002 |    |  2 |  3 |  4 |  5 |  6 | system property pactor.http.port
        8003 |    |    |  3 |  4 |  5 |  6 | env PACTOR_HTTP_PORT
        8004 |    |    |    |  4 |  5 |  6 | env HTTP_PORT
        8005 |    |    |    |    |  5 |  6 | config.yaml:1
        8001 |  1 |    |    |  4 |    |  6 | flag --port
        """)
    void aStrongerSourceGoesFirst(int port, Integer flag, Integer property, Integer env,
            Integer dtmEnv, Integer file, Integer dtmFile, String source) throws IOException {
        String yaml = (file == null ? "" : "pactor.http.port: 800" + file + "\n")
            + (dtmFile == null ? "" : "HttpPort: 800" + dtmFile + "\n");
        var environment = new HashMap<String, String>();
        if (env != null) {
            environment.put("PACTOR_HTTP_PORT", "800" + env);
        }
        if (dtmEnv != null) {
            environment.put("HTTP_PORT", "800" + dtmEnv);
        }
        Effective effective = Effective.of(new Inputs(
            flag == null ? List.of()
                : List.of(new Inputs.Flag("--port", "pactor.http.port", "800" + flag)),
            property == null ? Map.of() : Map.of("pactor.http.port", "800" + property),
            environment, Optional.of(file("config.yaml", yaml))));

        assertEquals(port, effective.settings().http().port());
        assertEquals(source, effective.source("pactor.http.port").replace(dir + "/", ""));
    }

    @Test
    void whereDtmWouldDecideOtherwiseAWarningSaysSo() throws IOException {
        Effective effective = read("HttpPort: 1\nRetryInterval: 5\n",
            Map.of("HTTP_PORT", "2", "RETRY_INTERVAL", "5"));

        assertEquals(2, effective.settings().http().port());
        assertEquals(1, effective.warnings().size(), effective.warnings().toString());
        assertTrue(effective.warnings().get(0).startsWith("env HTTP_PORT goes before "));
        assertTrue(effective.warnings().get(0).endsWith("in DTM the file would go first"));
    }

    @Test
    void whereTheTwoNamesOfAKeyDifferAWarningSaysSo() throws IOException {
        Effective effective = read("HttpPort: 1\npactor: {http: {port: 2}}\n", Map.of());

        assertEquals(2, effective.settings().http().port());
        assertTrue(effective.warnings().get(0).contains("config.yaml:2 goes before "),
            effective.warnings().toString());
    }

    @Test
    void hoconBringsKeysOfPactorAndOfLibraries() throws IOException {
        Path file = file("pactor.conf", """
            pactor.http { port = 9000, host = ${?NO_SUCH_VARIABLE} }
            pactor.transaction.retry-interval = 5 s
            pekko.cluster.min-nr-of-members = 3
            """);
        Effective effective = Effective.of(new Inputs(List.of(), Map.of(), Map.of(),
            Optional.of(file)));

        assertEquals(9000, effective.settings().http().port());
        assertEquals(Duration.ofSeconds(5), effective.settings().policy().retryInterval());
        assertEquals(file + ":1", effective.source("pactor.http.port"));
        assertEquals(3, effective.config().getInt("pekko.cluster.min-nr-of-members"));
        assertTrue(effective.print().contains(
            "pekko.cluster.min-nr-of-members = 3  # " + file + ":3"));
    }

    @Test
    void theShutdownOfPekkoLeavesTimeForTheDrain() throws IOException {
        String phase = "pekko.coordinated-shutdown.phases.service-requests-done.timeout";
        Effective derived = read("pactor.shutdown.drain: 20 s", Map.of());
        Effective given = read("pactor.shutdown.drain: 20 s\n" + phase + ": 3 s", Map.of());

        assertEquals(Duration.ofSeconds(21), derived.config().getDuration(phase));
        assertEquals(Duration.ofSeconds(3), given.config().getDuration(phase));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
c.yaml | HttpPrt: 1                       | no key HttpPrt; did you mean HttpPort?
        c.yaml | httpport: 1                      | no key httpport; did you mean HttpPort?
        c.yaml | Store: {Drivr: h2}               | Store.Drivr; did you mean Store.Driver?
        c.yaml | http: {port: 1}                  | http.port; did you mean pactor.http.port?
        c.yaml | pactor: {http: {prot: 1}}        | pactor.http.prot; did you mean pactor.http.port?
        c.yaml | pactor: {htpp: {port: 1}}        | did you mean pactor.http.port?
        c.yaml | pactor: {retry-interval: 1 s}    | did you mean pactor.transaction.retry-interval?
        c.yaml | pactor: {http: 1}                | pactor.http is a section
        c.yaml | pactor: 1                        | pactor is a section
        c.yaml | Store: h2                        | Store is a section
        c.yaml | HttpPort: [1]                    | HttpPort takes one value, not a list
        c.yaml | Zebra: 1                         | there is no key Zebra
        c.yaml | HttpPort: x                      | whole number from 0 to 65535
        c.yaml | RetryInterval: 10 s              | must be a whole number of seconds
        c.yaml | RetryInterval: 0                 | RetryInterval); it must be a time from 1 s
        c.yaml | 'HttpPort: 1, HttpPort: 2'       | this is not YAML
        c.yaml | '{HttpPort: 1, HttpPort: 2}'     | the key HttpPort stands here twice
        c.yaml | '{HttpPort: !!java.io.File [x]}' | tag is not allowed
        c.yaml | '{Store: &a {}, Log: *a}'        | not YAML
        c.yaml | '[1, 2]'                         | must hold keys and values
        c.yaml | '{? [a] : 1}'                    | a key must be a name
        c.yaml | '{'                              | this is not YAML
        c.conf | pactor.http.prot = 1             | pactor.http.prot; did you mean pactor.http.port?
        c.conf | HttpPort = 1                     | no key HttpPort
        c.conf | pactor.http.port = "x"           | (c.conf:1); it must be a whole number
        c.conf | pactor {                         | c.conf: 1
        c.conf | pactor.http.host = ${nothing}    | nothing
        c.toml | a = 1                            | must end in .yaml
        """)
    void aFileThatCannotBeMeantIsRefused(String name, String content, String because)
            throws IOException {
        Path file = file(name, content);

        BadConfiguration refused = assertThrows(BadConfiguration.class, () -> Effective.of(
            new Inputs(List.of(), Map.of(), Map.of(), Optional.of(file))));

        String message = refused.getMessage().replace(dir + "/", "");
        assertTrue(message.contains(because), message);
        assertTrue(message.startsWith(name) || message.contains(name + ":"), message);
    }

    @Test
    void everyProblemOfAFileIsTold() throws IOException {
        BadConfiguration refused = assertThrows(BadConfiguration.class,
            () -> read("HttpPrt: 1\nRetryInterval: x\nStore:\n  Driver: redis\n", Map.of()));

        assertEquals(3, refused.problems().size(), refused.getMessage());
        assertTrue(refused.problems().get(2).contains("config.yaml:4 Store.Driver"));
    }

    @Test
    void aFileMustBeThereAndShort() throws IOException {
        Path missing = dir.resolve("none.yaml");
        Path large = file("large.yaml", "#".repeat((1 << 20) + 1));
        for (Path path : List.of(missing, large, dir)) {
            BadConfiguration refused = assertThrows(BadConfiguration.class, () -> Effective.of(
                new Inputs(List.of(), Map.of(), Map.of(), Optional.of(path))));
            assertTrue(refused.getMessage().startsWith(path.toString()), refused.getMessage());
        }
    }

    @Test
    void anEmptyFileIsFine() throws IOException {
        assertEquals(8080, read("", Map.of()).settings().http().port());
        assertEquals(8080, read("# nothing\n", Map.of()).settings().http().port());
        assertEquals(8080, read("HttpPort:\nStore:\npactor:\n", Map.of()).settings().http().port());
    }

    @Test
    void eachKeyHasANameInTheEnvironmentOfItsOwn() {
        SettingKeys keys = SettingKeys.onClassPath();

        for (String key : keys.all()) {
            assertEquals(Optional.of(key), keys.ofVariable(SettingKeys.variable(key)));
            assertTrue(DtmKeys.ofVariable(SettingKeys.variable(key)).isEmpty(), key);
        }
    }

    @Test
    void theEnvironmentIsTakenUnlessItIsEmpty() throws IOException {
        Effective effective = read("", Map.of("PACTOR_HTTP_PORT", "", "HTTP_PORT", "",
            "PACTOR_TRANSACTION_RETRY_INTERVAL", "7 s", "PACTOR_STORE_POWER_LOSS_SAFE", "on"));

        assertEquals(8080, effective.settings().http().port());
        assertEquals(Duration.ofSeconds(7), effective.settings().policy().retryInterval());
        assertTrue(effective.settings().store().powerLossSafe());
    }

    @Test
    void aVariableThatSetsNothingIsToldUnlessItIsOfKubernetesOrTheCli() throws IOException {
        Effective effective = read("", Map.of("PACTOR_HTTP_PROT", "1",
            "PACTOR_SERVICE_HOST", "10.0.0.1", "PACTOR_DB_PORT_5432_TCP_ADDR", "10.0.0.2",
            "PACTOR_PORT", "tcp://10.0.0.1:8080", "PACTOR_CONFIG", "/of/the/cli", "OTHER", "1"));

        assertEquals(
            List.of("env PACTOR_HTTP_PROT sets nothing; did you mean PACTOR_HTTP_PORT?"),
            effective.warnings());
    }

    @Test
    void aSecretMayStandInAFileOfItsOwn() throws IOException {
        Path secret = file("secret", "canary\n");
        Path none = dir.resolve("none");

        for (String name : List.of("PACTOR_STORE_PASSWORD", "STORE_PASSWORD")) {
            Effective effective = read("", Map.of(name + "_FILE", secret.toString()));
            assertEquals("canary", effective.settings().store().password().reveal());
            assertEquals("env " + name + "_FILE", effective.source("pactor.store.password"));

            assertThrows(BadConfiguration.class,
                () -> read("", Map.of(name + "_FILE", none.toString())));
            assertThrows(BadConfiguration.class,
                () -> read("", Map.of(name + "_FILE", secret.toString(), name, "x")));
        }
        assertEquals(
            List.of("env PACTOR_HTTP_PORT_FILE sets nothing: PACTOR_HTTP_PORT is not a secret"),
            read("", Map.of("PACTOR_HTTP_PORT_FILE", secret.toString())).warnings());
    }

    @Test
    void noSecretIsEverPrinted() throws IOException {
        Effective effective = read("""
            AlertWebHook: https://h/send?access_token=canary
            Store: {Password: canary}
            pactor.store.jdbc-url: jdbc:h2:file:./x;PASSWORD=canary
            pekko.some.key-password: canary
            pekko.some.url: http://u:canary@h
            """, Map.of("STORE_PASSWORD", "canary2", "PACTOR_ALERT_WEB_HOOK", "http://canary"));

        String all = effective.print() + " " + effective.warnings() + " " + effective.settings();
        assertFalse(all.contains("canary"), all);
        assertTrue(effective.print().contains(
            "pactor.store.password = \"***\"  # env STORE_PASSWORD"), all);
    }

    @Test
    void whatIsPrintedCanBeReadAgain() throws IOException {
        Effective first = read("RetryInterval: 7\nHttpPort: 9\n", Map.of());
        Path printed = file("printed.conf", String.join("\n", first.print()));

        Effective again = Effective.of(new Inputs(List.of(), Map.of(), Map.of(),
            Optional.of(printed)));

        assertEquals(first.settings(), again.settings());
    }

    private Effective read(String yaml, Map<String, String> environment) throws IOException {
        return Effective.of(new Inputs(List.of(), Map.of(), environment,
            Optional.of(file("config.yaml", yaml))));
    }

    private Path file(String name, String content) throws IOException {
        return Files.writeString(dir.resolve(name), content);
    }
}
