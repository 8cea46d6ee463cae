// Written by `bundle/screens.mjs`, from the folders beside it: no work for people.
import type { ScreenEntry } from '../ui/screen';
import compare from './compare/index';
import computes from './computes/index';
import dataset from './dataset/index';
import model from './model/index';
import models from './models/index';
import pipeline from './pipeline/index';
import pipelines from './pipelines/index';
import run from './run/index';
import runs from './runs/index';
import service from './service/index';
import services from './services/index';
import sweep from './sweep/index';
import workspace from './workspace/index';

export const SCREENS: readonly ScreenEntry[] = [compare, computes, dataset, model, models, pipeline, pipelines, run, runs, service, services, sweep, workspace];
