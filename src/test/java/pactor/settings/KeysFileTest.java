package pactor.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import encryption.Key;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import store.EncryptionSettings;
import store.StoreException;

class KeysFileTest {

    @TempDir
    private Path dir;

    private Path file;

    @BeforeEach
    void write() throws IOException {
        file = dir.resolve("keys");
        write("k1");
    }

    @Test
    void aChangeIsTakenOverAndWhatWasThereStaysToRead() throws IOException {
        KeysFile keys = KeysFile.read(file, true);
        assertEquals("k1", current(keys));
        write("k2", "k1");
        assertEquals("k2", current(keys));
        write("k3");
        assertEquals("k3", current(keys));
        assertTrue(keys.find("k1").isPresent() && keys.find("k2").isPresent());
        assertEquals(Optional.empty(), keys.find("k4"));
    }

    /** Another node may have it first. */
    @Test
    void anUnknownKeyIsLookedForInTheFile() throws IOException {
        KeysFile keys = KeysFile.read(file, true);
        write("k1", "k2");

        assertTrue(keys.find("k2").isPresent());
    }

    @Test
    void aFileWithAMistakeChangesNothing() throws IOException {
        KeysFile keys = KeysFile.read(file, true);
        Key before = keys.current().orElseThrow();
        for (String wrong : new String[] {"", "k1", "k1 " + secret(9)}) {
            Files.writeString(file, wrong);
            assertTrue(keys.current().orElseThrow().isSame(before), wrong);
        }
        Files.delete(file);
        assertTrue(keys.current().orElseThrow().isSame(before));
    }

    @Test
    void whatIsOffOnlyReads() throws IOException {
        KeysFile keys = KeysFile.read(file, false);

        assertEquals(Optional.empty(), keys.current());
        assertTrue(keys.find("k1").isPresent());
    }

    @ParameterizedTest
    @CsvSource({"rw-------, true", "r--------, true", "rw-rw----, false", "rw----r--, false",
        "rw--w----, false", "rw-----w-, false", "rwx--x---, false"})
    void nobodyElseMayReadIt(String mode, boolean isFine) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));

        if (isFine) {
            assertEquals("k1", current(KeysFile.read(file, true)));
        } else {
            assertEquals("others on this machine may use it; run chmod 600 on it",
                assertThrows(IllegalArgumentException.class, () -> KeysFile.read(file, true))
                    .getMessage());
        }
    }

    /** As Kubernetes mounts a secret for a user who is not root. */
    @Test
    void theGroupMayReadAFileOfRoots() throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r-----"));

        if (Files.getOwner(file).getName().equals("root")) {
            assertEquals("k1", current(KeysFile.read(file, true)));
        } else {
            assertThrows(IllegalArgumentException.class, () -> KeysFile.read(file, true));
        }
    }

    @Test
    void theStoreIsToldOfNoneOrOfAFileThatIsGone() throws IOException {
        var none = new EncryptionConfig("", true, "", Duration.ofSeconds(5));
        var given = new EncryptionConfig(
            file.toString(), true, "k0", Duration.ofSeconds(5));

        assertEquals(EncryptionSettings.NONE, none.opened());
        assertEquals("k0", given.opened().acceptedMissing());
        assertEquals(Duration.ofSeconds(5), given.opened().interval());
        Files.delete(file);
        assertThrows(NoSuchFileException.class, () -> KeysFile.read(file, true));
        String said = assertThrows(StoreException.class, given::opened).getMessage();
        assertTrue(said.startsWith("pactor.store.encryption.keys-file cannot be used: "), said);
        assertFalse(said.contains(secret(1)));
    }

    private void write(String... names) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (String name : names) {
            lines.append(name).append(' ').append(secret(name.charAt(1))).append('\n');
        }
        if (!Files.exists(file)) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(
                PosixFilePermissions.fromString("rw-------")));
        }
        Files.writeString(file, lines);
    }

    private static String secret(int first) {
        byte[] secret = new byte[Key.BYTES];
        secret[0] = (byte) first;
        return Base64.getEncoder().encodeToString(secret);
    }

    private static String current(KeysFile keys) {
        return keys.current().orElseThrow().name();
    }
}
