package pactor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import client.ClassArchive;
import client.CoordinatorProcess;
import client.CoordinatorProcess.Launch;
import database.Databases;
import database.Ports;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The doctor of the jar beside a server of the jar, and after its death. */
class DoctorIT {

    @TempDir
    private Path dir;

    @ParameterizedTest
    @MethodSource("database.Databases#all")
    void theRunningServerIsKnownAndNotDisturbed(String kind) throws Exception {
        Path data = dir.resolve("data");
        List<String> store = Databases.arguments(kind, data);
        Launch launch = Launch.in(data).withArguments(store.toArray(String[]::new));
        try (CoordinatorProcess server = CoordinatorProcess.start(launch)) {
            List<String> args = new ArrayList<>(List.of("--data-dir", data.toString(),
                "--port", String.valueOf(server.port()),
                "--grpc-port", String.valueOf(server.grpcPort())));
            args.addAll(store);

            String beside = doctor(args);

            boolean isH2 = kind.equals(Databases.H2);
            assertTrue(beside.contains(isH2 ? "a running process has the H2 file"
                : " lives, last renewed "), beside);
            assertTrue(beside.lines().filter(line ->
                line.endsWith("is taken by the running Pactor")).count() == 2, beside);
            assertTrue(server.isAlive());

            server.killHard();
            String after = doctor(args);

            assertTrue(after.contains("0 unfinished, 0 overdue"), after);
            assertEquals(2, after.lines().filter(line -> line.endsWith(" is free")).count(), after);
        }
    }

    @Test
    void theRunningNodeOfAClusterIsKnownByAllItsPorts() throws Exception {
        Path data = dir.resolve("data");
        int cluster = Ports.free();
        List<String> node = new ArrayList<>(Databases.arguments(Databases.POSTGRESQL, data));
        node.addAll(List.of("--cluster-host", "127.0.0.1",
            "--cluster-port", String.valueOf(cluster), "--join", "127.0.0.1:" + cluster,
            "--set", "pactor.cluster.management.port=" + Ports.free()));
        Launch launch = Launch.in(data).withArguments(node.toArray(String[]::new));
        try (CoordinatorProcess server = CoordinatorProcess.start(launch)) {
            List<String> args = new ArrayList<>(node);
            args.addAll(List.of("--data-dir", data.toString(),
                "--port", String.valueOf(server.port()),
                "--grpc-port", String.valueOf(server.grpcPort())));

            String beside = doctor(args);

            for (String door : List.of("http", "grpc", "cluster", "management")) {
                assertTrue(beside.lines().anyMatch(line -> line.contains(" " + door + " ")
                    && line.endsWith("is taken by the running Pactor")), door + ": " + beside);
            }
        }
    }

    /** What it prints; it must end well. */
    private String doctor(List<String> args) throws Exception {
        List<String> command = new ArrayList<>(List.of(CoordinatorProcess.java(), "-Xmx256m",
            ClassArchive.option(), "-jar", CoordinatorProcess.jar().toString(), "doctor"));
        command.addAll(args);
        Path out = dir.resolve("out");
        Process doctor = new ProcessBuilder(command).redirectErrorStream(true)
            .redirectOutput(out.toFile()).start();
        try {
            assertTrue(doctor.waitFor(60, TimeUnit.SECONDS), "it ends");
            assertEquals(0, doctor.exitValue(), Files.readString(out));
            return Files.readString(out);
        } finally {
            doctor.destroyForcibly();
        }
    }
}
