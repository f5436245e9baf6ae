package store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.h2.store.fs.FileBaseDefault;
import org.h2.store.fs.FilePathWrapper;

/** A disk under H2 ({@code failing:...}) that refuses something from some moment on. */
public final class FailingDisk extends FilePathWrapper {

    /** What it refuses. */
    enum Refuses {
        NOTHING, TO_WRITE, TO_FORCE
    }

    private static final Map<String, AtomicReference<Refuses>> DISKS = new ConcurrentHashMap<>();

    @Override
    public String getScheme() {
        return "failing";
    }

    /** What the disk under {@code file} refuses; to be changed at will. */
    static AtomicReference<Refuses> under(String file) {
        return DISKS.computeIfAbsent(file, name -> new AtomicReference<>(Refuses.NOTHING));
    }

    @Override
    public FileChannel open(String mode) throws IOException {
        return new Disk(super.open(mode), under(getBase().toString()));
    }

    private static final class Disk extends FileBaseDefault {

        private final FileChannel base;
        private final AtomicReference<Refuses> refuses;

        Disk(FileChannel base, AtomicReference<Refuses> refuses) {
            this.base = base;
            this.refuses = refuses;
        }

        @Override
        public int read(ByteBuffer into, long at) throws IOException {
            return base.read(into, at);
        }

        @Override
        public int write(ByteBuffer from, long at) throws IOException {
            if (refuses.get() == Refuses.TO_WRITE) {
                throw new IOException("No space left on device");
            }
            return base.write(from, at);
        }

        @Override
        protected void implTruncate(long size) throws IOException {
            base.truncate(size);
        }

        @Override
        public void force(boolean metaData) throws IOException {
            if (refuses.get() == Refuses.TO_FORCE) {
                throw new IOException("Input/output error");
            }
            base.force(metaData);
        }

        @Override
        public long size() throws IOException {
            return base.size();
        }

        @Override
        public FileLock tryLock(long from, long size, boolean shared) throws IOException {
            return base.tryLock(from, size, shared);
        }

        @Override
        protected void implCloseChannel() throws IOException {
            base.close();
        }
    }
}
