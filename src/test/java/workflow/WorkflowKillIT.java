package workflow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import client.CoordinatorProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import workflow.Doings.Doing;
import workflow.Doings.What;

/**
 * A client that runs a workflow is killed at each place of it, and started again: the coordinator
 * calls it back, no step that was on record is done twice, and all that was on record comes back to
 * the byte.
 */
class WorkflowKillIT {

    private static final List<String> GOOD = places("01-action", "02-action", "03-action");
    private static final List<String> BAD = places("02-rollback", "01-rollback");

    @TempDir
    static Path home;

    /** Most of a case is waiting to be called back. */
    private static final ExecutorService POOL = Executors.newFixedThreadPool(4);

    private static CoordinatorProcess coordinator;
    private static Map<String, Future<?>> runs;

    @BeforeAll
    static void start() {
        coordinator = CoordinatorProcess.start(CoordinatorProcess.Launch.in(home.resolve("store"))
            .withJvm("-XX:TieredStopAtLevel=1"));
        runs = cases().collect(Collectors.toMap(name -> name, name -> POOL.submit(() -> {
            killAndGoOn(name);
            return name;
        })));
    }

    @AfterAll
    static void stop() {
        POOL.shutdownNow();
        coordinator.close();
    }

    private static List<String> places(String... steps) {
        List<String> places = new ArrayList<>();
        for (String step : steps) {
            places.addAll(List.of("before-" + step, "done-" + step, "recorded-" + step));
        }
        return places;
    }

    static Stream<String> cases() {
        return Stream.of("http", "grpc").flatMap(protocol -> Stream.concat(
            Stream.concat(Stream.of("prepared", "ending", "ended"), GOOD.stream())
                .map(place -> protocol + " ok " + place),
            Stream.concat(BAD.stream(), Stream.of("ending"))
                .map(place -> protocol + " fail " + place)));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void itGoesOnWhereItWas(String name) throws Throwable {
        try {
            runs.get(name).get(2, TimeUnit.MINUTES);
        } catch (ExecutionException failed) {
            throw failed.getCause();
        }
    }

    private static void killAndGoOn(String name) throws Exception {
        String[] fields = name.split(" ");
        String gid = name.replace(' ', '-');
        Path directory = Files.createDirectories(home.resolve(fields[0]));
        Client first = Client.start(fields[0], directory, 0);
        try {
            first.run(gid, fields[1], fields[2]);
            first.awaitLine(ClientProcess.STANDS + fields[2]);
        } finally {
            first.kill();
        }
        List<Doing> before = new Doings(directory.resolve(gid)).all();

        Client second = Client.start(fields[0], directory, first.port());
        try {
            Awaitility.await(name).atMost(Duration.ofSeconds(30))
                .until(() -> hasEnded(directory, gid, fields));
            // Whoever asks again is told the same end.
            second.run(gid, fields[1], "-");
            Awaitility.await(name).atMost(Duration.ofSeconds(30)).until(() -> last(
                directory, gid).what() == What.SEEN_FINISHED);
        } finally {
            second.kill();
        }
        check(before, new Doings(directory.resolve(gid)).all(), fields[1]);
    }

    private static boolean hasEnded(Path directory, String gid, String[] fields) {
        List<Doing> all = new Doings(directory.resolve(gid)).all();
        // Who was killed after the end was acknowledged is not called back any more.
        return fields[2].equals("ended")
            || all.stream().anyMatch(each -> each.what() == What.FINISHED);
    }

    private static Doing last(Path directory, String gid) {
        List<Doing> all = new Doings(directory.resolve(gid)).all();
        return all.get(all.size() - 1);
    }

    private static void check(List<Doing> before, List<Doing> all, String outcome) {
        Map<String, String> recorded = new HashMap<>();
        Map<String, Integer> done = new HashMap<>();
        String whole = "";
        for (Doing each : all) {
            switch (each.what()) {
                case DONE -> {
                    assertTrue(!recorded.containsKey(each.step()),
                        () -> each.step() + " was on record and done again: " + all);
                    done.merge(each.step(), 1, Integer::sum);
                }
                case RECORDED -> recorded.put(each.step(), each.hex());
                case REPLAYED -> assertEquals(recordedBy(recorded, each, all), each.hex(),
                    () -> "the result of " + each.step() + " came back changed: " + all);
                case FINISHED -> whole = each.hex();
                case SEEN_FINISHED -> {
                    assertEquals(outcome.equals("ok") ? "succeed" : "failed", each.step());
                    assertTrue(whole.isEmpty() || whole.equals(each.hex()), all::toString);
                }
            }
        }
        int steps = outcome.equals("ok") ? 3 : 5;
        assertEquals(steps, done.size(), all::toString);
        assertTrue(done.values().stream().allMatch(times -> times <= 2), all::toString);
        assertTrue(all.size() > before.size(), "the second client has done nothing");
    }

    /** If the kill came between the coordinator's answer and our note of it, what was done. */
    private static String recordedBy(Map<String, String> recorded, Doing replayed,
            List<Doing> all) {
        return recorded.getOrDefault(replayed.step(), all.stream()
            .filter(each -> each.what() == What.DONE && each.step().equals(replayed.step()))
            .map(Doing::hex).findFirst().orElse("never done"));
    }

    /** The client's process. */
    private record Client(Process process, BufferedReader out, int port) {

        static Client start(String protocol, Path directory, int port) throws IOException {
            String address = "127.0.0.1:"
                + (protocol.equals("grpc") ? coordinator.grpcPort() : coordinator.port());
            Process process = new ProcessBuilder(CoordinatorProcess.java(), "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-cp",
                System.getProperty("java.class.path"), ClientProcess.class.getName(), protocol,
                address, directory.toString(), String.valueOf(port))
                .redirectError(directory.resolve("errors").toFile()).start();
            BufferedReader out = new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
            String line = out.readLine();
            if (line == null || !line.startsWith(ClientProcess.LISTENS)) {
                process.destroyForcibly();
                throw new IllegalStateException("the client says " + line + "\n"
                    + Files.readString(directory.resolve("errors")));
            }
            return new Client(process, out,
                Integer.parseInt(line.substring(ClientProcess.LISTENS.length())));
        }

        void run(String gid, String data, String place) throws IOException {
            process.getOutputStream().write(
                (gid + " " + data + " " + place + "\n").getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
        }

        void awaitLine(String expected) throws IOException {
            assertEquals(expected, out.readLine());
        }

        /** SIGKILL. */
        void kill() {
            try {
                process.destroyForcibly().waitFor();
                out.close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
