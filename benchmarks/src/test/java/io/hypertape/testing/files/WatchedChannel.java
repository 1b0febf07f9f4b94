package io.hypertape.testing.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;

/** A file's channel, of whose use the watchers are told. */
final class WatchedChannel extends FileChannel {

  private final FileChannel channel;
  private final Path file;

  WatchedChannel(FileChannel channel, Path file) {
    this.channel = channel;
    this.file = file;
  }

  @Override
  public int read(ByteBuffer to) throws IOException {
    WatchedFiles.tellOfReading("read", file);
    return channel.read(to);
  }

  @Override
  public long read(ByteBuffer[] to, int offset, int length) throws IOException {
    WatchedFiles.tellOfReading("read", file);
    return channel.read(to, offset, length);
  }

  @Override
  public int read(ByteBuffer to, long position) throws IOException {
    WatchedFiles.tellOfReading("read", file);
    return channel.read(to, position);
  }

  @Override
  public int write(ByteBuffer from) throws IOException {
    return WatchedFiles.change("write", file, () -> channel.write(from));
  }

  @Override
  public long write(ByteBuffer[] from, int offset, int length) throws IOException {
    return WatchedFiles.change("write", file, () -> channel.write(from, offset, length));
  }

  @Override
  public int write(ByteBuffer from, long position) throws IOException {
    return WatchedFiles.change("write", file, () -> channel.write(from, position));
  }

  @Override
  public long position() throws IOException {
    return channel.position();
  }

  @Override
  public FileChannel position(long position) throws IOException {
    channel.position(position);
    return this;
  }

  @Override
  public long size() throws IOException {
    WatchedFiles.tellOfReading("size", file);
    return channel.size();
  }

  @Override
  public FileChannel truncate(long size) throws IOException {
    WatchedFiles.change("truncate", file, () -> channel.truncate(size));
    return this;
  }

  @Override
  public void force(boolean metadata) throws IOException {
    WatchedFiles.change(
        "force",
        file,
        () -> {
          channel.force(metadata);
          return null;
        });
  }

  @Override
  public long transferTo(long position, long count, WritableByteChannel target) throws IOException {
    WatchedFiles.tellOfReading("read", file);
    return channel.transferTo(position, count, target);
  }

  @Override
  public long transferFrom(ReadableByteChannel source, long position, long count)
      throws IOException {
    return WatchedFiles.change("write", file, () -> channel.transferFrom(source, position, count));
  }

  @Override
  public MappedByteBuffer map(MapMode mode, long position, long size) throws IOException {
    WatchedFiles.tellOfReading("map", file);
    return channel.map(mode, position, size);
  }

  @Override
  public FileLock lock(long position, long size, boolean shared) throws IOException {
    WatchedFiles.tellOfReading("lock", file);
    return channel.lock(position, size, shared);
  }

  @Override
  public FileLock tryLock(long position, long size, boolean shared) throws IOException {
    WatchedFiles.tellOfReading("lock", file);
    return channel.tryLock(position, size, shared);
  }

  @Override
  protected void implCloseChannel() throws IOException {
    channel.close();
  }
}
