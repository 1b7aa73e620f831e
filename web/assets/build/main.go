// Build makes the files that browsers load: it draws the symbols of APP-6 into
// web/assets/src/symbols.svg, and bundles web/assets/src with esbuild's Go API into web/assets/dist under hashed names and writes the
// manifest that maps logical names to them. The same sources give the same
// bytes, whoever builds.
package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// entries are the bundles, relative to src; one that is not there is skipped.
var entries = []string{"main.css", "main.ts", "map.css", "map.ts", "draw.ts", "drawmap.ts", "worker.ts", "icon.svg", "symbols.svg"}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "assets:", err)
		os.Exit(1)
	}
}

func run() error {
	root, err := moduleRoot()
	if err != nil {
		return err
	}
	src := filepath.Join(root, "web", "assets", "src")
	dist := filepath.Join(root, "web", "assets", "dist")
	if err := drawSymbols(root, filepath.Join(src, "symbols.svg")); err != nil {
		return err
	}
	result := api.Build(options(src, dist, present(src)))
	if len(result.Errors) > 0 {
		return fmt.Errorf("%d errors; see above", len(result.Errors))
	}
	// Built in memory first: a failed build leaves the last good one in place.
	if err := clean(dist); err != nil {
		return err
	}
	names := map[string]string{}
	for _, f := range result.OutputFiles {
		name := filepath.Base(f.Path)
		names[logical(name)] = name
		if err := write(f.Path, f.Contents); err != nil {
			return err
		}
	}
	return writeManifest(filepath.Join(dist, "manifest.json"), names)
}

// drawSymbols has Node draw the sprite of symbols, which is among the entries:
// the library that knows APP-6 is written for it.
func drawSymbols(root, out string) error {
	draw := exec.Command("node", "web/assets/build/symbols.mjs", out)
	draw.Dir, draw.Stderr = root, os.Stderr
	if err := draw.Run(); err != nil {
		return fmt.Errorf("draw the symbols (node and node_modules are needed: npm ci): %w", err)
	}
	return nil
}

func options(src, dist string, entryPoints []string) api.BuildOptions {
	return api.BuildOptions{
		AbsWorkingDir:     src,
		EntryPoints:       entryPoints,
		Outdir:            dist,
		Outbase:           src,
		EntryNames:        "[name]-[hash]",
		AssetNames:        "[name]-[hash]",
		Bundle:            true,
		Format:            api.FormatIIFE,
		Platform:          api.PlatformBrowser,
		Target:            api.ES2022,
		MinifyWhitespace:  true,
		MinifyIdentifiers: true,
		MinifySyntax:      true,
		LegalComments:     api.LegalCommentsEndOfFile,
		Loader:            map[string]api.Loader{".woff2": api.LoaderFile, ".svg": api.LoaderCopy},
		LogLevel:          api.LogLevelWarning,
	}
}

// present are the entries that there are.
func present(src string) []string {
	var list []string
	for _, e := range entries {
		if _, err := os.Stat(filepath.Join(src, e)); err == nil {
			list = append(list, e)
		}
	}
	return list
}

// hashed matches what [name]-[hash] adds: esbuild's hash is eight of base 32.
var hashed = regexp.MustCompile(`-[A-Z2-7]{8}(\.[a-z0-9]+)$`)

// logical takes the hash out of a name: "main-K3J2H1AB.css" is "main.css".
func logical(name string) string { return hashed.ReplaceAllString(name, "$1") }

// clean empties dist but for the file that keeps it in the repository.
func clean(dist string) error {
	if err := os.MkdirAll(dist, 0o755); err != nil {
		return err
	}
	old, err := os.ReadDir(dist)
	if err != nil {
		return err
	}
	for _, f := range old {
		if f.Name() == ".keep" {
			continue
		}
		if err := os.RemoveAll(filepath.Join(dist, f.Name())); err != nil {
			return err
		}
	}
	return nil
}

// write stores a file and, for text, a compressed one beside it. The gzip
// header carries no time, so the bytes depend on the content alone.
func write(path string, content []byte) error {
	if err := os.WriteFile(path, content, 0o644); err != nil {
		return err
	}
	if strings.HasSuffix(path, ".woff2") {
		return nil
	}
	var packed bytes.Buffer
	z, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := z.Write(content); err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return err
	}
	return os.WriteFile(path+".gz", packed.Bytes(), 0o644)
}

// writeManifest stores the map of names; encoding/json sorts the keys.
func writeManifest(path string, names map[string]string) error {
	text, err := json.MarshalIndent(names, "", "\t")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(text, '\n'), 0o644)
}

// moduleRoot walks up to go.mod, so that the build runs from any directory.
func moduleRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", errors.New("no go.mod above the working directory")
		}
		dir = parent
	}
}
