/** The steps of the hello build, in the order of the Dockerfile. */
export const HELLO_STEPS: readonly string[] = [
  '[build 1/4] FROM docker.io/library/cbi-focal:gcc',
  '[build 2/4] WORKDIR /src',
  '[build 3/4] COPY hello.c .',
  '[build 4/4] RUN echo "to stdout"; echo "to stderr" >&2; gcc -O2 -static -o hello hello.c && ls -la hello',
  '[stage-1 1/1] COPY --from=build /src/hello /hello',
  'exporting to image',
]

/** The steps of the build that fails. */
export const FAIL_STEPS: readonly string[] = [
  '[1/2] FROM docker.io/library/cbi-focal:gcc',
  '[2/2] RUN echo one; sleep 1; echo two >&2; exit 3',
]
