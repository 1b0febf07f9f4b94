/* Graphs: the works of a capture; an executable graph shares them and queues them at each launch. */
#include <stdlib.h>

#include "double.h"

struct graph {
  void *handle;
  struct work **works;
  void **nodes; /* handles */
  int count;
};

struct executable {
  void *handle;
  struct work **works;
  int count, device;
  long references;
};

struct launch_work {
  struct work work;
  struct executable *executable;
};

void *graph_create(struct work **works, int count) {
  struct graph *graph = zeroed(sizeof *graph);
  graph->works = works;
  graph->count = count;
  graph->nodes = zeroed((size_t)count * sizeof *graph->nodes);
  for (int i = 0; i < count; i++) graph->nodes[i] = handle_create(GRAPH_NODE, works[i]);
  return graph->handle = handle_create(GRAPH, graph);
}

static void graph_free(struct graph *graph) {
  handle_destroy(graph->handle);
  for (int i = 0; i < graph->count; i++) {
    handle_destroy(graph->nodes[i]);
    work_release(graph->works[i]);
  }
  free(graph->nodes);
  free(graph->works);
  free(graph);
}

static void executable_release(struct executable *executable) {
  if (--executable->references > 0) return;
  for (int i = 0; i < executable->count; i++) work_release(executable->works[i]);
  free(executable->works);
  free(executable);
}

static void run_launch(struct work *work) {
  struct executable *executable = ((struct launch_work *)work)->executable;
  for (int i = 0; i < executable->count; i++) work_run(executable->works[i]);
}

static void drop_launch(struct work *work) { executable_release(((struct launch_work *)work)->executable); }

/* Memory may have been freed, and a module unloaded, between the capture and this launch. */
static const char *recheck_launch(struct work *work) {
  struct executable *executable = ((struct launch_work *)work)->executable;
  for (int i = 0; i < executable->count; i++) {
    struct work *node = executable->works[i];
    const char *fault = work_fault(node);
    if (fault == NULL && node->recheck != NULL) fault = node->recheck(node);
    if (fault != NULL) return fault;
  }
  return NULL;
}

static void visit_children(struct work *work, int change) {
  struct executable *executable = ((struct launch_work *)work)->executable;
  for (int i = 0; i < executable->count; i++) work_pending(executable->works[i], change);
}

EXPORT cudaError_t cudaGraphInstantiate(cudaGraphExec_t *handle, cudaGraph_t graph_handle, unsigned long long flags) {
  ENTER_AS(RUNTIME);
  int status = runtime_obstacle();
  if (status != cudaSuccess) return runtime_status(status);
  if (handle == NULL) return runtime_status(violation(cudaErrorInvalidValue, "pGraphExec is NULL"));
  struct graph *graph = handle_check(GRAPH, graph_handle, "graph");
  if (graph == NULL) return runtime_status(cudaErrorInvalidValue);
  if (flags != 0) return runtime_status(violation(cudaErrorInvalidValue, "flags %llu are not known to the double", flags));
  struct executable *executable = zeroed(sizeof *executable);
  executable->references = 1;
  executable->device = device_current();
  executable->count = graph->count;
  executable->works = zeroed((size_t)graph->count * sizeof *executable->works);
  for (int i = 0; i < graph->count; i++) {
    executable->works[i] = graph->works[i];
    work_hold(graph->works[i]);
  }
  *handle = executable->handle = handle_create(GRAPH_EXEC, executable);
  return cudaSuccess;
}

EXPORT cudaError_t cudaGraphLaunch(cudaGraphExec_t handle, cudaStream_t stream_handle) {
  ENTER_AS(RUNTIME);
  int status = runtime_obstacle();
  if (status != cudaSuccess) return runtime_status(status);
  struct executable *executable = handle_check(GRAPH_EXEC, handle, "graphExec");
  struct stream *stream = stream_find(stream_handle, "stream");
  if (executable == NULL) return runtime_status(cudaErrorInvalidValue);
  if (stream == NULL) return runtime_status(cudaErrorInvalidResourceHandle);
  struct launch_work *launch = (struct launch_work *)work_create(sizeof *launch, "cudaGraphLaunch", run_launch, 0);
  launch->work.drop = drop_launch;
  launch->work.recheck = recheck_launch;
  launch->work.children = visit_children;
  launch->executable = executable;
  executable->references++;
  return runtime_status(stream_submit(stream, &launch->work, cudaErrorIllegalAddress));
}

EXPORT cudaError_t cudaGraphUpload(cudaGraphExec_t handle, cudaStream_t stream_handle) {
  ENTER_AS(RUNTIME);
  int status = runtime_obstacle();
  if (status != cudaSuccess) return runtime_status(status);
  if (handle_check(GRAPH_EXEC, handle, "graphExec") == NULL) return runtime_status(cudaErrorInvalidValue);
  struct stream *stream = stream_find(stream_handle, "stream");
  if (stream == NULL) return runtime_status(cudaErrorInvalidResourceHandle);
  return runtime_status(stream_refuse_in_capture(stream, "uploading a graph"));
}

EXPORT cudaError_t cudaGraphDestroy(cudaGraph_t handle) {
  ENTER_AS(RUNTIME);
  struct graph *graph = handle_check(GRAPH, handle, "graph");
  if (graph == NULL) return runtime_status(cudaErrorInvalidValue);
  graph_free(graph);
  return runtime_status(device_pending_fault());
}

EXPORT cudaError_t cudaGraphExecDestroy(cudaGraphExec_t handle) {
  ENTER_AS(RUNTIME);
  struct executable *executable = handle_check(GRAPH_EXEC, handle, "graphExec");
  if (executable == NULL) return runtime_status(cudaErrorInvalidValue);
  handle_destroy(handle);
  executable_release(executable); /* a launch that is queued still holds it, as CUDA does */
  return runtime_status(device_pending_fault());
}

EXPORT cudaError_t cudaGraphGetNodes(cudaGraph_t handle, cudaGraphNode_t *nodes, size_t *count) {
  ENTER_AS(RUNTIME);
  struct graph *graph = handle_check(GRAPH, handle, "graph");
  if (graph == NULL) return runtime_status(cudaErrorInvalidValue);
  if (count == NULL) return runtime_status(violation(cudaErrorInvalidValue, "numNodes is NULL"));
  if (nodes != NULL) {
    for (size_t i = 0; i < *count; i++) nodes[i] = i < (size_t)graph->count ? graph->nodes[i] : NULL;
    if (*count < (size_t)graph->count) return cudaSuccess;
  }
  *count = (size_t)graph->count;
  return cudaSuccess;
}

static void name_nodes(void *visited, void *context) {
  const struct executable *executable = visited;
  for (int i = 0; i < executable->count; i++) text_add(context, "%s%s", i == 0 ? "" : " ", executable->works[i]->name);
  text_add(context, "\n");
}

/* The nodes of each executable graph that lives, a line each, the newest first. */
EXPORT long hypertape_double_graph_nodes(char *buffer, size_t size) {
  control_lock();
  struct text text = {0};
  handles_each(GRAPH_EXEC, name_nodes, &text);
  long count = (long)text.length;
  text_copy(&text, buffer, size);
  text_clear(&text);
  control_unlock();
  return count;
}

static void drop_graph(void *graph, void *context) {
  (void)context;
  graph_free(graph);
}

static void drop_executable(void *visited, void *context) {
  (void)context;
  struct executable *executable = visited;
  handle_destroy(executable->handle);
  executable_release(executable);
}

void graphs_reset(void) {
  handles_each(GRAPH, drop_graph, NULL);
  handles_each(GRAPH_EXEC, drop_executable, NULL);
}
