package store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.util.concurrent.atomic.AtomicInteger;
import org.h2.store.fs.FileBaseDefault;
import org.h2.store.fs.FilePathWrapper;

/** A disk under H2 ({@code measured:...}) that knows the largest write: H2 has it in one array. */
public final class MeasuredDisk extends FilePathWrapper {

    static final AtomicInteger LARGEST = new AtomicInteger();

    @Override
    public String getScheme() {
        return "measured";
    }

    @Override
    public FileChannel open(String mode) throws IOException {
        return new Disk(super.open(mode));
    }

    private static final class Disk extends FileBaseDefault {

        private final FileChannel base;

        Disk(FileChannel base) {
            this.base = base;
        }

        @Override
        public int write(ByteBuffer from, long at) throws IOException {
            LARGEST.accumulateAndGet(from.remaining(), Math::max);
            return base.write(from, at);
        }

        @Override
        public int read(ByteBuffer into, long at) throws IOException {
            return base.read(into, at);
        }

        @Override
        public long size() throws IOException {
            return base.size();
        }

        @Override
        protected void implTruncate(long size) throws IOException {
            base.truncate(size);
        }

        @Override
        public void force(boolean metaData) throws IOException {
            base.force(metaData);
        }

        @Override
        public FileLock tryLock(long position, long size, boolean shared) throws IOException {
            return base.tryLock(position, size, shared);
        }

        @Override
        protected void implCloseChannel() throws IOException {
            base.close();
        }
    }
}
