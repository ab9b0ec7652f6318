package ml.bqx.storage;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;

/** Finds files of this machine, which other processes may delete while they are looked for. */
final class LocalFiles {
  private LocalFiles() {}

  /** The files right under a directory whose names begin like this; empty without a directory. */
  static List<FileStatus> list(String directory, String prefix) throws IOException {
    List<FileStatus> files = new ArrayList<>();
    try (DirectoryStream<Path> entries =
        Files.newDirectoryStream(
            Path.of(directory), file -> file.getFileName().toString().startsWith(prefix))) {
      for (Path entry : entries) {
        String path = directory + "/" + entry.getFileName();
        // Another worker may have deleted it since the directory was listed.
        attributes(path)
            .filter(BasicFileAttributes::isRegularFile)
            .ifPresent(found -> files.add(status(path, found)));
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of();
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }

    return files;
  }

  /** The files under a directory at any depth, links followed; empty without a directory. */
  static List<FileStatus> listBelow(String directory) throws IOException {
    List<FileStatus> files = new ArrayList<>();
    Path root = Path.of(directory);
    if (Files.isDirectory(root)) {
      Files.walkFileTree(
          root,
          EnumSet.of(FileVisitOption.FOLLOW_LINKS),
          Integer.MAX_VALUE,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes found) {
              if (found.isRegularFile() || found.isSymbolicLink()) {
                files.add(status(below(file), found));
              }

              return FileVisitResult.CONTINUE;
            }

            private String below(Path file) {
              return directory + "/" + root.relativize(file);
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
              if (e instanceof FileSystemLoopException) {
                // Its files are there already, under the name that it leads to.
                files.add(new FileStatus(below(file), FileStatus.LOOP, Instant.EPOCH, "", ""));
                return FileVisitResult.CONTINUE;
              } else if (e instanceof NoSuchFileException) {
                // Another process has deleted it since the directory was listed.
                return FileVisitResult.CONTINUE;
              }

              throw e;
            }
          });
    }

    return files;
  }

  /** A file as it is now; empty when there is none. */
  static Optional<FileStatus> status(String path) throws IOException {
    return attributes(path).map(found -> status(path, found));
  }

  private static FileStatus status(String path, BasicFileAttributes found) {
    Instant modified = found.lastModifiedTime().toInstant();
    return new FileStatus(
        path,
        // Links are followed: what is still a link leads nowhere.
        found.isSymbolicLink() ? FileStatus.DANGLING : found.size(),
        modified,
        found.fileKey() + ", changed " + modified,
        "");
  }

  /** Empty when there is no such file; a disk that cannot say so is an error. */
  static Optional<BasicFileAttributes> attributes(String path) throws IOException {
    try {
      return Optional.of(Files.readAttributes(Path.of(path), BasicFileAttributes.class));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }
}
